package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.cv.Image;
import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.task.Score;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.head.FeatureHead;
import dev.tailor.transfer.testing.Drawings;
import dev.tailor.transfer.train.EpochReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads on the features of a frozen network. */
class FeatureHeadsTest {
    private static final Path RESNET = Path.of("src/test/resources/golden/hf/resnet-basic");
    private static final Dataset<Image, String> TRAIN = Drawings.colors(12, 1);
    private static final Dataset<Image, String> HELD = Drawings.colors(6, 2);

    @TempDir
    Path temporary;

    static List<FeatureHead> heads() {
        return List.of(
                FeatureHead.linear(),
                FeatureHead.mlp(16),
                FeatureHead.logisticRegression(),
                FeatureHead.nearestMean(),
                FeatureHead.nearestNeighbours(3));
    }

    private static List<Image> pictures() {
        return List.of(HELD.get(0).input(), HELD.get(3).input(), HELD.get(8).input());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void every_head_learns_and_says_whether_it_can_be_saved(FeatureHead head) {
        try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.featureExtraction().head(head))
                .validation(HELD)
                .seed(3)
                .fit(TRAIN)) {
            assertThat(tuned.evaluate(HELD).accuracy()).isGreaterThan(0.8);
            EpochReport last = tuned.history().get(tuned.history().size() - 1);
            assertThat(last.validationScore()).isEqualTo(tuned.evaluate(HELD).accuracy());
            assertThat(last.validationLoss()).isFinite();
            boolean beside = head instanceof FeatureHead.Mlp || head.equals(FeatureHead.nearestNeighbours(3));
            if (beside) {
                assertThatThrownBy(() -> tuned.save(temporary))
                        .isInstanceOf(TailorException.class)
                        .hasMessageContaining("cannot be saved: its head, " + head)
                        .hasMessageContaining("logisticRegression()");
                assertThat(temporary).isEmptyDirectory();
            } else {
                tuned.save(temporary);
                try (var again = Pretrained.from(temporary).load(Task.IMAGE_CLASSIFICATION)) {
                    assertThat(again.classify(pictures())).isEqualTo(tuned.predict(pictures()));
                }
            }
        }
    }

    @Test
    void features_past_the_budget_lie_on_disk_and_give_the_same_weights() throws IOException {
        long before = temporaryFiles();
        List<List<?>> answers = new ArrayList<>();
        for (long budget : new long[] {1, 1 << 20}) {
            try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                    .strategy(Strategy.featureExtraction())
                    .featureMemory(budget)
                    .threads(1)
                    .epochs(3)
                    .fit(TRAIN)) {
                answers.add(tuned.predict(pictures()));
            }
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
        assertThat(temporaryFiles()).isEqualTo(before);
    }

    private static long temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().startsWith("tailor-features"))
                    .count();
        }
    }

    @Test
    void rows_come_back_from_disk_over_several_pieces() {
        for (long budget : new long[] {1, Long.MAX_VALUE}) {
            try (FeatureRows rows = new FeatureRows(5, 3, budget)) {
                assertThat(rows.onDisk()).isEqualTo(budget == 1);
                for (int i = 0; i < 4; i++) {
                    rows.add(new float[] {9, i, 2 * i, -i}, 1);
                }
                assertThat(rows.size()).isEqualTo(4);
                float[] row = new float[4];
                rows.get(3, row, 1);
                assertThat(row).containsExactly(0, 3, 6, -3);
                assertThat(rows.dot(2, new double[] {7, 1, 10, 100}, 1)).isEqualTo(2 + 40 - 200);
            }
        }
    }

    @Test
    void loss_options_are_for_heads_that_are_trained_in_steps() {
        var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.featureExtraction().head(FeatureHead.logisticRegression()))
                .labelSmoothing(0.1);
        assertThatThrownBy(() -> tuning.fit(TRAIN))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("label smoothing");
    }

    @Test
    void classes_weigh_in_logistic_regression_and_others_refuse_them() {
        var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .validation(HELD)
                .classWeights(Map.of(TRAIN.target(0), 50.0));
        var regression = Strategy.featureExtraction()
                .head(FeatureHead.logisticRegression().inverse(1e-3));
        try (var weighted = tuning.strategy(regression).fit(TRAIN);
                var plain = tuning.classWeights(Map.of()).strategy(regression).fit(TRAIN)) {
            List<Image> inputs = IntStream.range(0, HELD.size())
                    .mapToObj(i -> HELD.get(i).input())
                    .toList();
            assertThat(share(weighted.predict(inputs))).isGreaterThan(share(plain.predict(inputs)) + 0.1);
        }
        var means = tuning.strategy(Strategy.featureExtraction().head(FeatureHead.nearestMean()));
        assertThatThrownBy(() -> means.fit(TRAIN))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("takes no weights of classes");
    }

    /** The mean probability of the class of the first example. */
    private static double share(List<Classification> answers) {
        return answers.stream()
                .mapToDouble(a -> a.scores().stream()
                        .filter(s -> s.label().equals(TRAIN.target(0)))
                        .mapToDouble(Score::score)
                        .sum())
                .average()
                .orElseThrow();
    }

    @Test
    void a_head_without_steps_has_no_learning_rate_to_find() {
        var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.featureExtraction().head(FeatureHead.logisticRegression()));
        assertThatThrownBy(() -> tuning.findLearningRate(TRAIN))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("has no learning rate to find");
    }

    @Test
    void what_cannot_be_read_is_passed_over_unless_told_otherwise() {
        Dataset<Image, String> broken = Dataset.lazy(TRAIN.targets(), i -> {
            if (i % 5 == 2) {
                throw new TailorException("picture " + i + " is damaged");
            }
            return TRAIN.get(i).input();
        });
        for (Strategy strategy : List.of(Strategy.featureExtraction(), Strategy.fullFineTuning())) {
            var tuning = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                    .strategy(strategy)
                    .validation(broken)
                    .epochs(2)
                    .batchSize(2);
            try (var tuned = tuning.fit(broken)) {
                assertThat(tuned.history()).hasSize(2).allMatch(r -> Double.isFinite(r.validationLoss()));
            }
            assertThatThrownBy(() -> tuning.strict().fit(broken))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("is damaged");
        }
        Dataset<Image, String> none = Dataset.lazy(List.of("a", "b"), i -> {
            throw new TailorException("gone");
        });
        assertThatThrownBy(
                        () -> FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION).fit(none))
                .hasMessageContaining("None of the 2 inputs can be read");
    }
}
