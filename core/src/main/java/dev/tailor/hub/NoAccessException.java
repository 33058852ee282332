package dev.tailor.hub;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A hub has what was asked for but does not give it to this user. */
public final class NoAccessException extends HubException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Why it is not given. */
    public enum Reason {
        /** The model is gated: its conditions must be accepted first, on the hub's site, by the owner of the credentials. */
        CONDITIONS,
        /** The credentials are wrong or expired, or there are none where some are needed. */
        CREDENTIALS,
        /** Any other refusal: these credentials lack the right, or the repository is disabled or blocked. */
        REFUSED
    }

    /** Creates one for an answer of a hub, or of a proxy. */
    public NoAccessException(
            Reason reason, String message, @Nullable String repository, @Nullable URI url, int status) {
        super(message, repository, url, status, false, null);
        this.reason = reason;
    }

    /** Why it is not given. */
    public Reason reason() {
        return reason;
    }
}
