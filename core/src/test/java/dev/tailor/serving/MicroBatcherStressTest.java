package dev.tailor.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MicroBatcherStressTest {
    private static final int CALLS = 2000;

    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();

    @Test
    void every_call_gets_its_own_answer_while_some_fail_and_some_are_interrupted() throws Exception {
        run(8, Thread::new, Duration.ofNanos(50_000));

        assertThat(right.get() + failed.get() + interrupted.get()).isEqualTo(8 * CALLS);
        assertThat(failed.get()).isPositive();
        assertThat(right.get()).isGreaterThan(failed.get());
        assertThat(largest.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void virtual_threads_can_call_where_the_runtime_has_them() throws Exception {
        ThreadFactory virtual = virtualThreads();

        run(500, virtual, Duration.ZERO);

        assertThat(right.get() + failed.get() + interrupted.get()).isEqualTo(500 * (CALLS / 50));
    }

    private static ThreadFactory virtualThreads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (ReflectiveOperationException e) {
            return Assumptions.abort("this runtime has no virtual threads: " + e);
        }
    }

    private void run(int threads, ThreadFactory factory, Duration delay) throws InterruptedException {
        Batching batching = new Batching(4, delay, 6, Duration.ofHours(1));
        MicroBatcher<Integer, Integer> batcher = new MicroBatcher<>("the model", batching, i -> i % 3, this::answers);
        int each = threads > 100 ? CALLS / 50 : CALLS;
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int seed = t;
            callers.add(factory.newThread(() -> calls(batcher, new SplittableRandom(seed), each)));
        }
        callers.forEach(Thread::start);
        SplittableRandom random = new SplittableRandom(-1);
        for (Thread caller : callers) {
            while (caller.isAlive()) {
                callers.get(random.nextInt(threads)).interrupt();
                caller.join(1);
            }
        }
        assertThat(batcher.queued()).isZero();
        assertThat(inside.get()).isZero();
        assertThat(batcher.call(6)).isEqualTo(12);
    }

    private void calls(MicroBatcher<Integer, Integer> batcher, SplittableRandom random, int calls) {
        for (int i = 0; i < calls; i++) {
            int item = random.nextInt(1000);
            try {
                if (batcher.call(item) == 2 * item) {
                    right.incrementAndGet();
                }
            } catch (ArithmeticException e) {
                if (item % 100 == 0) {
                    failed.incrementAndGet();
                }
            } catch (InterruptedCallException e) {
                if (Thread.interrupted()) {
                    interrupted.incrementAndGet();
                }
            }
        }
    }

    private List<Integer> answers(List<Integer> batch) {
        inside.incrementAndGet();
        try {
            largest.accumulateAndGet(batch.size(), Math::max);
            if (batch.stream().anyMatch(i -> i % 100 == 0)) {
                throw new ArithmeticException("broken item");
            }
            if (batch.stream().map(i -> i % 3).distinct().count() > 1) {
                throw new AssertionError("buckets were mixed: " + batch);
            }
            return batch.stream().map(i -> 2 * i).toList();
        } finally {
            inside.decrementAndGet();
        }
    }
}
