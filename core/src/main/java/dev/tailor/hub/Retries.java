package dev.tailor.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts of one operation. Used by one thread. */
final class Retries {
    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

    /** However much each attempt brings, a transfer that is cut this often is not worth going on with by itself. */
    private static final int MOST_CUTS = 100;

    private final RetryPolicy policy;
    private final String what;
    private final Deadline deadline;
    private int failures;
    private int cuts;
    private Duration waited = Duration.ZERO;

    Retries(RetryPolicy policy, String what, Deadline deadline) {
        this.policy = policy;
        this.what = what;
        this.deadline = deadline;
    }

    /** An attempt brought something, so the next failure counts as the first. */
    void progressed() {
        failures = 0;
    }

    /**
     * Waits before the next attempt.
     *
     * @param demanded the wait that the hub asked for, or null
     * @return false if the attempts or the time are used up; nothing was waited for then
     * @throws HubException if the thread was interrupted, its flag is set again then; or if the time limit passes before the next
     *     attempt
     */
    boolean again(String why, @Nullable Duration demanded) {
        failures++;
        cuts++;
        if (failures >= policy.attempts() || cuts >= MOST_CUTS) {
            return false;
        }
        Duration delay = delay();
        if (demanded != null && demanded.compareTo(delay) > 0) {
            delay = demanded;
        }
        if (waited.plus(delay).compareTo(policy.longestWait()) > 0) {
            return false;
        }
        if (!deadline.allows(delay)) {
            throw deadline.exceeded(what, why);
        }
        waited = waited.plus(delay);
        if (delay.toSeconds() > 20) {
            LOG.warn("{}: {}; waiting {} s as the hub asks", what, why, delay.toSeconds());
        } else {
            LOG.debug("{}: {}; trying again in {} ms", what, why, delay.toMillis());
        }
        try {
            policy.sleeper().sleep(delay);
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
        return true;
    }

    static HubException interrupted(String what, Throwable cause) {
        Thread.currentThread().interrupt();
        return new HubException(
                what + ": interrupted; what has been downloaded so far is kept", null, null, 0, true, cause);
    }

    private Duration delay() {
        long millis = policy.firstDelay().toMillis() << Math.min(failures - 1, 20);
        long capped = Math.min(millis, policy.longestDelay().toMillis());
        return Duration.ofMillis(capped / 2 + (long) (policy.jitter().getAsDouble() * (capped / 2.0)));
    }
}
