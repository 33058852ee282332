package dev.tailor.hub;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The bytes of a file are not those that the hub announces; the message has both digests. Nothing was published. */
public final class VerificationException extends HubException {
    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public VerificationException(String message, @Nullable String repository, @Nullable URI url) {
        super(message, repository, url, 0, false, null);
    }
}
