package dev.tailor.hub;

import dev.tailor.TailorException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A hub could not give what was asked for. Carries no credentials and no signed part of an address.
 *
 * <p>Its subclasses tell the usual causes apart: {@link NotFoundException}, {@link NoAccessException}, {@link RateLimitException},
 * {@link OfflineException}, {@link VerificationException} and {@link UnavailableException}. Anything else, such as an answer that makes
 * no sense or an unsafe file name, is a plain {@code HubException}.
 */
public class HubException extends TailorException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String repository;
    private final @Nullable String url;
    private final int status;
    private final boolean retriable;

    /**
     * Creates an exception with all its fields.
     *
     * @param repository the repository as its hub names it, or null
     * @param url the address that failed, or null; its query and user information are dropped
     * @param status the HTTP status, or 0 where there was no answer
     * @param retriable whether the same call may succeed later
     */
    public HubException(
            String message,
            @Nullable String repository,
            @Nullable URI url,
            int status,
            boolean retriable,
            @Nullable Throwable cause) {
        super(message, cause);
        this.repository = repository;
        this.url = url == null ? null : bare(url);
        this.status = status;
        this.retriable = retriable;
    }

    /** A failure without an HTTP exchange that a repetition would not mend. */
    public static HubException of(String repository, String message) {
        return new HubException(message, repository, null, 0, false, null);
    }

    /** The repository as its hub names it, or null. */
    public @Nullable String repository() {
        return repository;
    }

    /** The address without query, fragment and user information, or null. */
    public @Nullable String url() {
        return url;
    }

    /** The HTTP status, or 0 where there was no answer. */
    public int status() {
        return status;
    }

    /** Whether the same call may succeed later: the network failed, the hub was busy or down. */
    public boolean isRetriable() {
        return retriable;
    }

    /** An address as it may be shown: signed queries and passwords left out. */
    static String bare(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return url.getScheme() + "://" + url.getHost() + port + path;
    }
}
