package dev.tailor.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins concurrent calls into batches, on the callers' own threads (the leader/follower pattern): one caller runs a batch for
 * all, then the caller that has waited longest runs the next. A call that comes while nobody runs goes at once, and a batch
 * takes what has queued up while the one before ran. If a joined batch fails, each of its calls runs by itself, on its own
 * thread, and answers for itself.
 *
 * <p>Safe for many threads, platform and virtual: waiting never pins a carrier.
 *
 * @param <T> what a call asks
 * @param <R> what it is answered
 */
public final class MicroBatcher<T, R> {
    private static final Logger log = LoggerFactory.getLogger(MicroBatcher.class);

    private final String name;
    private final Batching batching;
    private final ToIntFunction<? super T> bucket;
    private final Function<List<T>, List<R>> run;
    private final Semaphore room;

    private final ReentrantLock lock = new ReentrantLock();
    /** A leader that waits for further calls hears of them by this. */
    private final Condition arrived = lock.newCondition();
    /** Calls that are in no batch yet, in order; the first one leads or will. */
    private final ArrayDeque<Waiting<T, R>> queue = new ArrayDeque<>();

    private boolean led;
    /** How many calls are likely to come together: those of the batch before and those that waited behind it. */
    private int expected = 1;

    private long settled = System.nanoTime();

    private enum State {
        QUEUED,
        LEADS,
        RUNS,
        ANSWERED,
        /** Its batch failed. */
        ALONE
    }

    private static final class Waiting<T, R> {
        final T item;
        final int bucket;
        final Condition changed;
        State state = State.QUEUED;

        @Nullable
        R answer;

        Waiting(T item, int bucket, Condition changed) {
            this.item = item;
            this.bucket = bucket;
            this.changed = changed;
        }

        void turns(State next) {
            state = next;
            changed.signal();
        }
    }

    /**
     * Creates a batcher without threads of its own.
     *
     * @param name how messages call it, such as the model's id
     * @param bucket only items of an equal number share a batch, such as those of like length
     * @param run answers a batch in its order, never with null; called on one thread at a time, but for calls that run by
     *     themselves after a failure
     */
    public MicroBatcher(
            String name, Batching batching, ToIntFunction<? super T> bucket, Function<List<T>, List<R>> run) {
        this.name = name;
        this.batching = batching;
        this.bucket = bucket;
        this.run = run;
        this.room = new Semaphore(batching.capacity(), true);
    }

    /** The calls that wait to be joined. */
    public int queued() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Answers an item, possibly together with others.
     *
     * @throws OverloadException if its time limit is over before somebody answers it
     * @throws InterruptedCallException if the thread is interrupted while it waits; a batch that runs on this thread is not
     *     disturbed
     */
    public R call(T item) {
        long deadline = System.nanoTime() + batching.timeLimit().toNanos();
        try {
            if (!room.tryAcquire(batching.timeLimit().toNanos(), TimeUnit.NANOSECONDS)) {
                throw overload(batching.capacity() + " calls were under way all the time");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            Waiting<T, R> call = new Waiting<>(item, bucket.applyAsInt(item), lock.newCondition());
            List<Waiting<T, R>> batch = join(call, deadline);
            if (!batch.isEmpty()) {
                lead(batch);
            }
            // Whoever answered has done so before this thread last held the lock.
            @Nullable R answer = call.answer;
            return call.state == State.ANSWERED && answer != null
                    ? answer
                    : run.apply(List.of(item)).get(0);
        } finally {
            room.release();
        }
    }

    /** Waits until the call is answered or has to run by itself, or gives the batch that it shall lead. */
    private List<Waiting<T, R>> join(Waiting<T, R> call, long deadline) {
        lock.lock();
        try {
            queue.add(call);
            if (led) {
                arrived.signal();
            } else {
                led = true;
                call.state = State.LEADS;
            }
            try {
                while (call.state == State.QUEUED || call.state == State.RUNS) {
                    if (call.changed.awaitNanos(deadline - System.nanoTime()) <= 0 && unanswered(call)) {
                        throw overload(queue.size() + " calls are waiting");
                    }
                }
                return call.state == State.LEADS ? gather(call, deadline) : List.of();
            } catch (InterruptedException e) {
                if (!unanswered(call)) {
                    Thread.currentThread().interrupt();
                    return List.of();
                }
                throw interrupted(e);
            } finally {
                // Also after a failure: whoever stays in the queue without waiting would block those behind.
                leave(call);
            }
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiting<T, R> call) {
        if (call.state == State.QUEUED || call.state == State.LEADS) {
            queue.remove(call);
            if (call.state == State.LEADS) {
                handOver();
            }
        }
    }

    private static boolean unanswered(Waiting<?, ?> call) {
        return call.state != State.ANSWERED && call.state != State.ALONE;
    }

    /** Takes calls like the leader's out of the queue, after a moment for those that are expected. */
    private List<Waiting<T, R>> gather(Waiting<T, R> leader, long deadline) throws InterruptedException {
        long now = System.nanoTime();
        long delay = batching.maxDelay().toNanos();
        if (now - settled > delay) {
            expected = 1;
        }
        long left = Math.min(delay, deadline - now);
        while (left > 0 && queue.size() < Math.min(expected, batching.maxBatch())) {
            left = arrived.awaitNanos(left);
        }
        List<Waiting<T, R>> batch = new ArrayList<>();
        for (Iterator<Waiting<T, R>> all = queue.iterator(); all.hasNext() && batch.size() < batching.maxBatch(); ) {
            Waiting<T, R> call = all.next();
            if (call.bucket == leader.bucket) {
                call.state = State.RUNS;
                batch.add(call);
                all.remove();
            }
        }
        return batch;
    }

    /** Runs a batch, answers its calls, and passes the lead on whatever happened. */
    private void lead(List<Waiting<T, R>> batch) {
        List<R> answers = List.of();
        try {
            answers = run.apply(batch.stream().map(c -> c.item).toList());
            if (answers.size() != batch.size()) {
                throw new IllegalStateException(
                        name + ": a batch of " + batch.size() + " calls got " + answers.size() + " answers");
            }
        } catch (RuntimeException | Error e) {
            answers = List.of();
            if (batch.size() == 1) {
                throw e;
            }
            // Each call meets the cause again by itself, and those that are well get their answers.
            log.debug("{}: a batch of {} calls failed; each runs by itself", name, batch.size(), e);
        } finally {
            settle(batch, answers);
        }
    }

    private void settle(List<Waiting<T, R>> batch, List<R> answers) {
        lock.lock();
        try {
            for (int i = 0; i < batch.size(); i++) {
                Waiting<T, R> call = batch.get(i);
                call.answer = answers.isEmpty() ? null : answers.get(i);
                call.turns(answers.isEmpty() ? State.ALONE : State.ANSWERED);
            }
            expected = batch.size() + queue.size();
            settled = System.nanoTime();
            handOver();
        } finally {
            lock.unlock();
        }
    }

    private void handOver() {
        Waiting<T, R> next = queue.peek();
        led = next != null;
        if (next != null) {
            next.turns(State.LEADS);
        }
    }

    private OverloadException overload(String why) {
        return new OverloadException(name + ": no answer within " + batching.timeLimit() + ", " + why
                + ". Try again later, give calls more time, or send fewer at once.");
    }

    private InterruptedCallException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new InterruptedCallException(name + ": interrupted while the call waited for its answer", e);
    }
}
