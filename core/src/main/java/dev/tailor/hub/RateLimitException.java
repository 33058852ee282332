package dev.tailor.hub;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A hub wants fewer requests, for longer than a fetch waits by itself. The same call may succeed later. */
public final class RateLimitException extends HubException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Instant retryAt;

    /**
     * Creates one for an answer of a hub.
     *
     * @param retryAt when the hub answers again, or null where it does not tell
     */
    public RateLimitException(
            @Nullable Instant retryAt, String message, @Nullable String repository, @Nullable URI url, int status) {
        super(message, repository, url, status, true, null);
        this.retryAt = retryAt;
    }

    /** When to come back by this machine's clock; empty where the hub does not tell. */
    public Optional<Instant> retryAt() {
        return Optional.ofNullable(retryAt);
    }
}
