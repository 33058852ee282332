package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubException;
import dev.tailor.hub.HubResponse;
import dev.tailor.hub.NoAccessException;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.RateLimitException;
import dev.tailor.hub.UnavailableException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an answer that is no success means. Each kind has its type of exception, the same for all hubs. */
enum Refusal {
    NO_REPOSITORY,
    NO_REVISION,
    NO_FILE,
    CONDITIONS,
    CREDENTIALS,
    REFUSED,
    RATE_LIMIT,
    BUSY,
    OTHER;

    /** What a status means where the hub says nothing more; {@code absent} is what is not there at 404 and 410. */
    static Refusal of(int status, Refusal absent) {
        return switch (status) {
            case 401, 407 -> CREDENTIALS;
            case 403, 451 -> REFUSED;
            case 404, 410 -> absent;
            case 408 -> BUSY;
            case 429 -> RATE_LIMIT;
            default -> status >= 500 && status != 501 ? BUSY : OTHER;
        };
    }

    /** When the hub answers again as far as it tells. */
    static @Nullable Instant retryAt(HubResponse response) {
        Duration wait = response.retryAfter();
        return wait == null ? null : Clock.systemUTC().instant().plus(wait);
    }

    /** The exception of this kind for an answer that tells its waits in the usual headers. */
    HubException exception(String message, String repository, HubResponse response, int status) {
        return exception(message, repository, response.uri(), status, retryAt(response));
    }

    HubException exception(String message, String repository, URI url, int status, @Nullable Instant retryAt) {
        return switch (this) {
            case NO_REPOSITORY -> absent(NotFoundException.Missing.REPOSITORY, message, repository, url, status);
            case NO_REVISION -> absent(NotFoundException.Missing.REVISION, message, repository, url, status);
            case NO_FILE -> absent(NotFoundException.Missing.FILE, message, repository, url, status);
            case CONDITIONS ->
                new NoAccessException(NoAccessException.Reason.CONDITIONS, message, repository, url, status);
            case CREDENTIALS ->
                new NoAccessException(NoAccessException.Reason.CREDENTIALS, message, repository, url, status);
            case REFUSED -> new NoAccessException(NoAccessException.Reason.REFUSED, message, repository, url, status);
            case RATE_LIMIT -> new RateLimitException(retryAt, message, repository, url, status);
            case BUSY ->
                new UnavailableException(UnavailableException.Reason.BUSY, message, repository, url, status, null);
            case OTHER -> new HubException(message, repository, url, status, false, null);
        };
    }

    private static HubException absent(
            NotFoundException.Missing missing, String message, String repository, URI url, int status) {
        return new NotFoundException(missing, message, repository, url, status, null);
    }
}
