package dev.tailor.hub;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * When to ask again: exponential back-off with jitter, bounded in attempts and in time spent waiting. Immutable; safe for many
 * threads if its sleeper and its jitter are.
 *
 * @param attempts most attempts in a row that bring nothing, the first one included; at least 1
 * @param firstDelay wait before the second attempt; doubled for each further one
 * @param longestDelay cap of the doubling
 * @param longestWait most time that one operation waits in all; a hub that demands more gets no further attempt
 * @param sleeper waits
 * @param jitter gives numbers in [0, 1), so that many clients do not return in step
 */
public record RetryPolicy(
        int attempts,
        Duration firstDelay,
        Duration longestDelay,
        Duration longestWait,
        Sleeper sleeper,
        DoubleSupplier jitter) {
    /** Waits; replaced in tests. */
    @FunctionalInterface
    public interface Sleeper {
        /** Returns after that time. */
        void sleep(Duration time) throws InterruptedException;
    }

    /** Checks the attempts. */
    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be 1 or more, found " + attempts);
        }
    }

    /** Five attempts, 1 s doubling to 8 s, and up to 330 s of waiting in all: the Hugging Face rate limit has windows of 300 s. */
    public static RetryPolicy standard() {
        return new RetryPolicy(
                5,
                Duration.ofSeconds(1),
                Duration.ofSeconds(8),
                Duration.ofSeconds(330),
                time -> Thread.sleep(time.toMillis()),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** The same with another number of attempts. */
    public RetryPolicy withAttempts(int attempts) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestWait, sleeper, jitter);
    }

    /** The same with another sleeper. */
    public RetryPolicy withSleeper(Sleeper sleeper) {
        return new RetryPolicy(attempts, firstDelay, longestDelay, longestWait, sleeper, jitter);
    }
}
