package dev.tailor.hub;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A hub cannot be used at the moment, however often it was tried. The same call may succeed later. */
public final class UnavailableException extends HubException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What failed in the end. */
    public enum Reason {
        /** There was no connection or no answer: the network, a proxy, or the hub is down. */
        UNREACHABLE,
        /** Downloads began but broke off; what came is kept. */
        CUT,
        /** The hub answered that it is busy or broken (408 or 5xx), or another process uses the file. */
        BUSY,
        /** {@link FetchRequest#timeLimit()} passed; what came is kept. */
        TIME_LIMIT
    }

    /** Creates one; the status is 0 where there was no answer. */
    public UnavailableException(
            Reason reason,
            String message,
            @Nullable String repository,
            @Nullable URI url,
            int status,
            @Nullable Throwable cause) {
        super(message, repository, url, status, true, cause);
        this.reason = reason;
    }

    /** What failed in the end. */
    public Reason reason() {
        return reason;
    }
}
