package dev.tailor.transfer;

import static dev.tailor.transfer.testing.Samples.BERT;
import static dev.tailor.transfer.testing.Samples.sentences;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.MetricsFile;
import dev.tailor.transfer.train.RateSweep;
import dev.tailor.transfer.train.TrainingListener;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learning-rate finder, and numbers for other programs. */
class LearningRateTest {
    @TempDir
    Path temporary;

    @Test
    void the_sweep_ends_when_the_loss_explodes_and_suggests_a_rate_below() throws Exception {
        var tuning = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .batchSize(8)
                .threads(1);
        LearningRateCurve curve = tuning.findLearningRate(sentences(), 1e-6, 10, 60);
        double last = curve.points().get(curve.points().size() - 1).rate();
        assertThat(curve.points().get(0).rate()).isEqualTo(1e-6);
        assertThat(curve.suggestion()).isBetween(1e-6, last);
        assertThat(curve.steepest()).isBetween(1e-6, last);
        assertThat(curve)
                .hasToString(tuning.findLearningRate(sentences(), 1e-6, 10, 60).toString());
        assertThat(curve.toString()).contains("Suggested learning rate");
        Path file = temporary.resolve("curve.svg");
        curve.write(file);
        assertThat(file)
                .content()
                .startsWith("<svg xmlns=")
                .contains("learning rate")
                .endsWith("</svg>\n");
    }

    @Test
    void the_suggestion_lies_within_the_longest_valley() {
        List<RateSweep.Point> points = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double loss = i < 10 ? 1 + i * 1e-3 : i < 30 ? 1 - (i - 10) * 0.04 : 0.3 + (i - 30);
            points.add(new RateSweep.Point(Math.pow(10, -6 + i / 8.0), loss));
        }
        LearningRateCurve curve = new LearningRateCurve(points);
        assertThat(curve.suggestion())
                .isBetween(points.get(10).rate(), points.get(29).rate());
        assertThatThrownBy(() -> new LearningRateCurve(List.of(points.get(0))).suggestion())
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("falls at no learning rate");
    }

    @Test
    void several_listeners_hear_the_same_and_files_hold_a_line_for_each_number() throws Exception {
        List<Integer> epochs = new ArrayList<>();
        TrainingListener counter = new TrainingListener() {
            @Override
            public void epochDone(EpochReport report) {
                epochs.add(report.epoch());
            }
        };
        Path csv = temporary.resolve("deep/metrics.csv");
        Path json = temporary.resolve("metrics.jsonl");
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .validation(sentences())
                .epochs(2)
                .batchSize(16)
                .listeners(
                        MetricsFile.csv(csv).listener(),
                        counter,
                        MetricsFile.jsonLines(json).listener())
                .fit(sentences())) {
            assertThat(tuned.history()).hasSize(2);
        }
        assertThat(epochs).containsExactly(1, 2);
        List<String> rows = Files.readAllLines(csv);
        assertThat(rows).hasSize(1 + 4 * 3 + 2 * 3).first().isEqualTo("name,step,value");
        assertThat(rows.get(4)).startsWith("train/loss,2,");
        List<String> lines = Files.readAllLines(json);
        assertThat(lines).hasSize(4 * 3 + 2 * 3);
        JsonObject end = Json.parseObject(lines.get(17).getBytes(StandardCharsets.UTF_8), "line", true);
        assertThat(end.get("name").getAsString()).isEqualTo("validation/accuracy");
        assertThat(end.get("step").getAsInt()).isEqualTo(4);
    }
}
