package dev.tailor.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The moment by which a whole operation must be done, whatever it waits for; or never. Immutable. */
final class Deadline {
    private static final Deadline NEVER = new Deadline(null);

    private final @Nullable Duration limit;
    private final long begin = System.nanoTime();

    private Deadline(@Nullable Duration limit) {
        this.limit = limit;
    }

    /** That long from now; null for never. */
    static Deadline in(@Nullable Duration limit) {
        return limit == null ? NEVER : new Deadline(limit);
    }

    static Deadline never() {
        return NEVER;
    }

    boolean hasPassed() {
        return limit != null && left().isZero();
    }

    /** The wait, cut at the deadline; at least 1 ms, so that it can still fail by itself. */
    Duration atMost(Duration wait) {
        if (limit == null || left().compareTo(wait) > 0) {
            return wait;
        }
        return left().isZero() ? Duration.ofMillis(1) : left();
    }

    /** Whether a wait of that length ends in time. */
    boolean allows(Duration wait) {
        return limit == null || left().compareTo(wait) > 0;
    }

    HubException exceeded(String what, @Nullable String why) {
        String seconds = limit == null ? "" : limit.toMillis() / 1000.0 + " s";
        return new UnavailableException(
                UnavailableException.Reason.TIME_LIMIT,
                what + ": not done within the time limit of " + seconds + (why == null ? "" : " (" + why + ")")
                        + "; what has been downloaded so far is kept. Fetch again, or allow more time.",
                null,
                null,
                0,
                null);
    }

    private Duration left() {
        if (limit == null) {
            return Duration.ofNanos(Long.MAX_VALUE);
        }
        Duration left = limit.minusNanos(System.nanoTime() - begin);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
