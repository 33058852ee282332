package dev.tailor.transfer;

import static dev.tailor.transfer.testing.Samples.BERT;
import static dev.tailor.transfer.testing.Samples.RESNET;
import static dev.tailor.transfer.testing.Samples.sentences;
import static dev.tailor.transfer.testing.Samples.shapes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.Precision;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Optimizer;
import dev.tailor.task.Classification;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data and settings at the edge of what makes sense. */
class EdgeCasesTest {
    @TempDir
    Path temporary;

    static List<Strategy> strategies() {
        return List.of(
                Strategy.featureExtraction(),
                Strategy.fullFineTuning(),
                Strategy.lastLayers(1),
                Strategy.gradualUnfreezing(),
                Strategy.bitFit(),
                Strategy.lora(2));
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "INT8"})
    void a_precision_that_training_does_not_have_is_refused(Precision precision) {
        var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION);
        assertThatThrownBy(() -> tuning.precision(precision))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("FLOAT32 or BFLOAT16")
                .hasMessageContaining(precision.name());
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void one_example_of_each_class_is_enough_to_run(Strategy strategy) {
        try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .strategy(strategy)
                .epochs(2)
                .batchSize(1)
                .fit(shapes(1, 3))) {
            assertThat(tuned.labels()).containsExactly("disc", "square");
            assertThat(tuned.predict(shapes(1, 4).get(0).input()).scores())
                    .hasSize(2)
                    .allMatch(s -> s.score() > 0 && s.score() < 1);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e20, 1e38})
    void a_rate_that_is_far_too_large_ends_in_a_clear_error(double rate) {
        var tuning = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .schedule(Schedule.CONSTANT)
                .warmup(0)
                .optimizer(Optimizer.sgd(0))
                .clip(1e30)
                .epochs(3)
                .learningRate(rate);
        assertThatThrownBy(() -> tuning.fit(sentences()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("raining diverged")
                .hasMessageContaining("smaller learning rate");
        // The only step breaks the weights, and no loss comes after it.
        assertThatThrownBy(
                        () -> tuning.epochs(1).batchSize(32).weightDecay(1e30).fit(sentences()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("raining diverged");
    }

    @Test
    void without_validation_data_nothing_is_measured_and_early_stopping_watches_the_training_loss() {
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .validation(Dataset.of(List.of()))
                .epochs(4)
                .earlyStopping(1)
                .fit(sentences())) {
            assertThat(tuned.history()).isNotEmpty().noneMatch(EpochReport::validated);
            assertThat(tuned.run().metrics()).containsOnlyKeys("training_loss");
            assertThatThrownBy(() -> tuned.evaluate(Dataset.of(List.of())))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("empty");
        }
    }

    @Test
    void labels_other_than_the_models_own_get_a_new_head() {
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION).epochs(1).fit(sentences())) {
            tuned.save(temporary);
        }
        var again = FineTuning.of(temporary, Task.TEXT_CLASSIFICATION)
                .epochs(1)
                .strategy(Strategy.fullFineTuning())
                .learningRate(1e-12);
        float[] before = Checkpoint.open(temporary).floats("classifier.weight");
        try (var same = again.fit(sentences())) {
            same.save(temporary.resolve("same"));
        }
        assertThat(Checkpoint.open(temporary.resolve("same")).floats("classifier.weight"))
                .isEqualTo(before);
        Dataset<String, String> other =
                Dataset.of(List.of("a funny film", "a slow film", "a long film"), t -> t.split(" ")[1]);
        try (var tuned = again.fit(other)) {
            assertThat(tuned.labels()).containsExactly("funny", "long", "slow");
        }
    }

    @Test
    void two_trainings_at_the_same_time_give_what_each_gives_alone() {
        List<Classification> first = trained(1);
        List<Classification> second = trained(2);
        assertThat(first).isNotEqualTo(second);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<List<Classification>> beside = CompletableFuture.supplyAsync(() -> trained(2));
            assertThat(trained(1)).isEqualTo(first);
            assertThat(beside.join()).isEqualTo(second);
        }
    }

    private static List<Classification> trained(long seed) {
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.lora(2).dropout(0.3))
                .epochs(4)
                .batchSize(4)
                .learningRate(1e-2)
                .threads(1)
                .seed(seed)
                .fit(sentences())) {
            return tuned.predict(List.of("the film was slow", "she said funny", "it is terrible"));
        }
    }
}
