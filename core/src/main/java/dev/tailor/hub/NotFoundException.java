package dev.tailor.hub;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A hub does not have what was asked for, or hides it: many hubs show a private repository to nobody but its owner. */
public final class NotFoundException extends HubException {
    private static final long serialVersionUID = 1L;

    private final Missing missing;

    /** What is not there. */
    public enum Missing {
        /** The repository or model itself. */
        REPOSITORY,
        /** The branch, tag, commit, release or version of a repository. */
        REVISION,
        /** A file or folder of the revision, or any file that was asked for. */
        FILE
    }

    /** Creates one for an answer of a hub. */
    public NotFoundException(
            Missing missing,
            String message,
            @Nullable String repository,
            @Nullable URI url,
            int status,
            @Nullable Throwable cause) {
        super(message, repository, url, status, false, cause);
        this.missing = missing;
    }

    /** Creates one that needed no answer of its own, such as for a name that a listing lacks. */
    public NotFoundException(Missing missing, String repository, String message) {
        this(missing, message, repository, null, 0, null);
    }

    /** What is not there. */
    public Missing missing() {
        return missing;
    }
}
