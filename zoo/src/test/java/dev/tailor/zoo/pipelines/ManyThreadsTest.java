package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.task.TextClassifier;
import dev.tailor.zoo.testing.ModelCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One pipeline, many threads. */
@Timeout(60)
class ManyThreadsTest {
    private static final int THREADS = 4;
    private static final List<String> TEXTS = List.of(
            "The quick brown fox", "Why is the sky blue?", "", "a small company sells hand made shoes in Paris");

    private static TextClassifier open() {
        return Pretrained.from(ModelCopy.recorded("text/text-classification"))
                .threads(1)
                .load(Task.TEXT_CLASSIFICATION);
    }

    @Test
    void all_threads_get_the_same_answers() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (TextClassifier classifier = open()) {
            List<Classification> expected = classifier.classify(TEXTS);
            List<Future<List<Classification>>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(threads.submit(() -> classifier.classify(TEXTS)));
            }
            for (Future<List<Classification>> answer : answers) {
                for (int i = 0; i < TEXTS.size(); i++) {
                    assertThat(answer.get().get(i).score("POSITIVE"))
                            .isCloseTo(expected.get(i).score("POSITIVE"), within(1e-6));
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void closing_while_others_run_ends_their_calls_with_the_models_name()
            throws InterruptedException, ExecutionException, TimeoutException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < 15; round++) {
                TextClassifier classifier = open();
                CountDownLatch running = new CountDownLatch(THREADS + round);
                List<Future<Throwable>> ends = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    ends.add(threads.submit(() -> untilItFails(classifier, running)));
                }
                running.await();
                classifier.close();
                for (Future<Throwable> end : ends) {
                    assertThat(end.get(30, TimeUnit.SECONDS))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContainingAll("text-classification", "has been closed");
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Throwable untilItFails(TextClassifier classifier, CountDownLatch running) {
        try {
            while (true) {
                assertThat(classifier.classify(TEXTS)).hasSize(TEXTS.size());
                running.countDown();
            }
        } catch (RuntimeException e) {
            return e;
        }
    }
}
