package dev.tailor.serving;

import java.time.Duration;

/**
 * How concurrent calls are joined into batches.
 *
 * @param maxBatch the most calls of a batch, at least 1
 * @param maxDelay how long a batch waits for calls that are expected because they came together before; zero joins only what
 *     has queued up while the batch before ran. A lone caller never waits.
 * @param capacity the most calls under way at once, waiting or running, at least {@code maxBatch}; further ones wait outside, in
 *     order, until one of these is answered
 * @param timeLimit the most a call waits, outside and in the queue, until it fails with {@link OverloadException}; at most a day
 */
public record Batching(int maxBatch, Duration maxDelay, int capacity, Duration timeLimit) {
    private static final int DEFAULT_CAPACITY = 1024;
    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(1);

    /** Checks the numbers. */
    public Batching {
        if (maxBatch < 1 || capacity < maxBatch) {
            throw new IllegalArgumentException("maxBatch must be at least 1 and capacity at least maxBatch, found "
                    + maxBatch + " and " + capacity);
        }
        if (maxDelay.isNegative() || maxDelay.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("maxDelay must be between nothing and a day, found " + maxDelay);
        }
        if (timeLimit.isNegative() || timeLimit.isZero() || timeLimit.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "timeLimit must be more than nothing and at most a day, found " + timeLimit);
        }
    }

    /** Room for 1024 calls, or for one batch if that is more, and a time limit of a minute. */
    public static Batching of(int maxBatch, Duration maxDelay) {
        return new Batching(maxBatch, maxDelay, Math.max(DEFAULT_CAPACITY, maxBatch), DEFAULT_LIMIT);
    }

    /** The same with room for so many calls. */
    public Batching capacity(int calls) {
        return new Batching(maxBatch, maxDelay, calls, timeLimit);
    }

    /** The same with another time limit. */
    public Batching timeLimit(Duration value) {
        return new Batching(maxBatch, maxDelay, capacity, value);
    }
}
