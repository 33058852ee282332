package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.TextClassifier;
import dev.tailor.zoo.testing.ModelCopy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads predict while others load, close and interrupt: every call ends with the right answer or as documented. */
@Timeout(120)
class ChaosTest {
    private static final int PREDICTING = 4;
    private static final int LOADS = 25;
    private static final List<String> TEXTS = List.of(
            "The quick brown fox", "Why is the sky blue?", "", "a small company sells hand made shoes in Paris");

    private static final Offset<Double> NEAR = Offset.offset(1e-5);

    private final AtomicReference<TextClassifier> current = new AtomicReference<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger loaded = new AtomicInteger();
    private final Queue<Throwable> undocumented = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void every_call_is_answered_or_ends_as_documented(int maxBatch) throws InterruptedException {
        List<Double> expected;
        try (TextClassifier classifier = open(1)) {
            expected = TEXTS.stream().map(t -> positive(classifier, t)).toList();
        }
        current.set(open(maxBatch));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < PREDICTING; t++) {
            int seed = t;
            threads.add(new Thread(() -> predict(expected, new SplittableRandom(seed))));
        }
        threads.add(new Thread(() -> replace(maxBatch)));
        threads.forEach(Thread::start);
        SplittableRandom random = new SplittableRandom(-1);
        Thread loading = threads.get(PREDICTING);
        while (loading.isAlive()) {
            threads.get(random.nextInt(threads.size())).interrupt();
            loading.join(5);
        }
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(undocumented).isEmpty();
        assertThat(right.get()).isGreaterThan(LOADS);
        assertThat(loaded.get()).isPositive();
        Thread.interrupted();
        try (TextClassifier last = current.get()) {
            assertThat(positive(last, TEXTS.get(0))).isCloseTo(expected.get(0), NEAR);
        }
    }

    private static TextClassifier open(int maxBatch) {
        Pretrained model =
                Pretrained.from(ModelCopy.recorded("text/text-classification")).threads(1);
        return (maxBatch > 1 ? model.batching(maxBatch, Duration.ofMillis(1)) : model).load(Task.TEXT_CLASSIFICATION);
    }

    private static double positive(TextClassifier classifier, String text) {
        return classifier.classify(text).score("POSITIVE");
    }

    private void predict(List<Double> expected, SplittableRandom random) {
        while (!over.get()) {
            int i = random.nextInt(TEXTS.size());
            attempt(() -> {
                assertThat(positive(current.get(), TEXTS.get(i))).isCloseTo(expected.get(i), NEAR);
                right.incrementAndGet();
            });
        }
    }

    private void replace(int maxBatch) {
        for (int i = 0; i < LOADS; i++) {
            attempt(() -> {
                TextClassifier before = current.getAndSet(open(maxBatch));
                loaded.incrementAndGet();
                before.close();
            });
        }
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (TailorException e) {
            // An interrupt or what it did to a file that was being read; the status is looked at by nobody else.
            Thread.interrupted();
        } catch (IllegalStateException e) {
            if (!String.valueOf(e.getMessage()).contains("has been closed")) {
                undocumented.add(e);
            }
        } catch (RuntimeException | Error e) {
            undocumented.add(e);
        }
    }
}
