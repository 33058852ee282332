package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Pipeline;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.serving.PredictionListener;
import dev.tailor.task.MaskFiller;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.testing.ModelCopy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Single calls that come at once share a batch, and each gets the answer it would have got alone. */
@Timeout(60)
class JoinedCallsTest {
    private static final List<String> TEXTS =
            List.of("The quick brown fox", "Why is the sky blue?", "", "a small company", "fox");

    private final Recorder recorder = new Recorder();

    /** Keeps what it hears; the first batch stands still until all other callers wait. */
    private static final class Recorder implements PredictionListener {
        final List<Call> calls = new CopyOnWriteArrayList<>();
        final List<Batch> batches = new CopyOnWriteArrayList<>();
        private final List<Thread> callers = new CopyOnWriteArrayList<>();
        private volatile boolean armed;

        @Override
        public void ran(Batch batch) {
            batches.add(batch);
            if (armed) {
                armed = false;
                for (Thread caller : callers) {
                    while (caller != Thread.currentThread() && caller.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                }
            }
        }

        @Override
        public void called(Call call) {
            calls.add(call);
        }

        /** Starts all calls; the first to arrive runs alone. */
        <I, R> List<FutureTask<R>> together(List<I> inputs, Function<I, R> call) {
            calls.clear();
            batches.clear();
            callers.clear();
            List<FutureTask<R>> answers = new ArrayList<>();
            for (I input : inputs) {
                FutureTask<R> answer = new FutureTask<>(() -> call.apply(input));
                answers.add(answer);
                callers.add(new Thread(answer));
            }
            armed = true;
            callers.forEach(Thread::start);
            return answers;
        }
    }

    private <I, P extends Pipeline<I, ?>> P open(String name, Task<P> task) {
        return Pretrained.from(ModelCopy.recorded("text/" + name))
                .threads(1)
                .batching(8, Duration.ZERO)
                .listener(recorder)
                .load(task);
    }

    @Test
    void labels_are_those_of_a_call_alone() throws InterruptedException, ExecutionException {
        try (TextClassifier classifier = open("text-classification", Task.TEXT_CLASSIFICATION)) {
            List<Double> alone = TEXTS.stream()
                    .map(t -> classifier.classify(t).score("POSITIVE"))
                    .toList();

            List<FutureTask<Double>> answers =
                    recorder.together(TEXTS, t -> classifier.classify(t).score("POSITIVE"));

            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(answers.get(i).get()).isCloseTo(alone.get(i), within(1e-5));
            }
        }
        assertThat(recorder.batches).extracting(PredictionListener.Batch::size).containsExactly(1, 4);
        assertThat(recorder.calls).hasSize(5).allSatisfy(c -> {
            assertThat(c.model()).contains("text-classification");
            assertThat(c.inputs()).isEqualTo(1);
            assertThat(c.failed()).isFalse();
            assertThat(c.latency()).isPositive();
        });
        long tokens = recorder.calls.stream()
                .mapToLong(PredictionListener.Call::tokens)
                .sum();
        assertThat(recorder.batches.stream()
                        .mapToLong(PredictionListener.Batch::tokens)
                        .sum())
                .isEqualTo(tokens)
                .isGreaterThan(10);
    }

    @Test
    void vectors_are_those_of_a_call_alone() throws InterruptedException, ExecutionException {
        try (TextEmbedder embedder = open("sentence-mean-normalized", Task.TEXT_EMBEDDING)) {
            List<float[]> alone =
                    TEXTS.stream().map(t -> embedder.embed(t).vector()).toList();

            List<FutureTask<float[]>> answers =
                    recorder.together(TEXTS, t -> embedder.embed(t).vector());

            for (int i = 0; i < TEXTS.size(); i++) {
                assertThat(answers.get(i).get()).containsExactly(alone.get(i), within(1e-5f));
            }
        }
        assertThat(recorder.batches).hasSize(2);
    }

    @Test
    void calls_with_other_options_may_share_a_batch() throws InterruptedException, ExecutionException {
        try (MaskFiller filler = open("fill-mask", Task.FILL_MASK)) {
            MaskFiller three = filler.topK(3);
            List<String> texts = List.of(
                    "the " + filler.mask() + " fox", "a " + filler.mask(), filler.mask() + " is blue", filler.mask());
            List<String> alone =
                    texts.stream().map(t -> three.fill(t).get(0).get(0).token()).toList();

            List<FutureTask<String>> answers = recorder.together(
                    texts,
                    t -> (t.startsWith("a") ? filler : three)
                            .fill(t)
                            .get(0)
                            .get(0)
                            .token());

            for (int i = 0; i < texts.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(alone.get(i));
            }
        }
        assertThat(recorder.batches).extracting(PredictionListener.Batch::size).containsExactly(1, 3);
    }

    @Test
    void texts_of_like_length_share_a_batch() {
        assertThat(IntStream.of(1, 16, 17, 24, 25, 32, 33, 48, 49, 64, 65, 400, 512, 513)
                        .map(TextRunner::bucket))
                .containsExactly(16, 16, 24, 24, 32, 32, 48, 48, 64, 64, 96, 512, 512, 768);
    }

    @Test
    void a_list_is_a_batch_of_its_own() {
        try (TextClassifier classifier = open("text-classification", Task.TEXT_CLASSIFICATION)) {
            assertThat(classifier.classify(TEXTS)).hasSize(5);
        }
        assertThat(recorder.batches).extracting(PredictionListener.Batch::size).containsExactly(5);
        assertThat(recorder.calls).extracting(PredictionListener.Call::inputs).containsExactly(5);
    }

    @Test
    void calls_after_close_fail_as_without_joining() {
        TextClassifier classifier = open("text-classification", Task.TEXT_CLASSIFICATION);
        classifier.close();

        assertThatThrownBy(() -> classifier.classify("fox"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has been closed");
    }

    @Test
    void a_listener_that_throws_does_no_harm() {
        PredictionListener broken = new PredictionListener() {
            @Override
            public void called(Call call) {
                throw new IllegalStateException("the metrics are down");
            }
        };
        try (TextClassifier classifier = Pretrained.from(ModelCopy.recorded("text/text-classification"))
                .listener(broken)
                .load(Task.TEXT_CLASSIFICATION)) {
            assertThat(classifier.classify("fox").score("POSITIVE")).isBetween(0.0, 1.0);
        }
    }
}
