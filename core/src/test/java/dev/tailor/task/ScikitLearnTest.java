package dev.tailor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Evaluations against scikit-learn's numbers on random data, recorded by {@code src/test/python/make_evaluation_cases.py}. */
class ScikitLearnTest {
    private static final JsonObject CASES = Json.readObject(Path.of("src/test/resources/evaluation/scikit-learn.json"));

    @Test
    void of_one_label_for_each_example() {
        for (JsonObject c : cases("single")) {
            float[][] rows = new Gson().fromJson(c.get("rows"), float[][].class);
            int[] truth = new Gson().fromJson(c.get("truth"), int[].class);
            ClassificationEvaluation evaluation = ClassificationEvaluation.of(names(rows[0].length), truth, rows);
            assertThat(evaluation.rocAuc()).isEqualTo(number(c, "roc_auc"), within(1e-9));
            assertThat(evaluation.calibrationError()).isEqualTo(number(c, "calibration_error"), within(1e-6));
            assertThat(evaluation.microF1()).isEqualTo(number(c, "micro_f1"), within(1e-9));
            assertThat(evaluation.macroF1()).isEqualTo(number(c, "macro_f1"), within(1e-9));
            assertThat(evaluation.metrics()).containsKeys("roc_auc", "calibration_error", "micro_f1");
        }
    }

    @Test
    void of_any_number_of_labels_for_each_example() {
        for (JsonObject c : cases("multi")) {
            float[][] rows = new Gson().fromJson(c.get("rows"), float[][].class);
            int[][] ones = new Gson().fromJson(c.get("truth"), int[][].class);
            boolean[][] truth = new boolean[ones.length][ones[0].length];
            for (int i = 0; i < ones.length; i++) {
                for (int l = 0; l < ones[i].length; l++) {
                    truth[i][l] = ones[i][l] == 1;
                }
            }
            MultiLabelEvaluation evaluation = MultiLabelEvaluation.of(names(rows[0].length), truth, rows);
            assertAverage(evaluation.micro(), c.getAsJsonArray("micro"));
            assertAverage(evaluation.macro(), c.getAsJsonArray("macro"));
            assertAverage(evaluation.weighted(), c.getAsJsonArray("weighted"));
            assertThat(evaluation.exact()).isEqualTo(number(c, "exact_match"), within(1e-9));
            assertThat(evaluation.hammingLoss()).isEqualTo(number(c, "hamming_loss"), within(1e-9));
            assertThat(evaluation.rocAuc()).isEqualTo(number(c, "roc_auc"), within(1e-9));
            assertThat(evaluation.toString()).contains("micro avg", "Hamming loss");
        }
    }

    @Test
    void of_numbers() {
        for (JsonObject c : cases("regression")) {
            RegressionEvaluation evaluation = RegressionEvaluation.of(
                    new Gson().fromJson(c.get("truth"), double[].class),
                    new Gson().fromJson(c.get("predicted"), double[].class));
            for (String name : List.of("mse", "mae", "r2", "pearson", "spearman")) {
                assertThat(evaluation.metrics().get(name)).as(name).isEqualTo(number(c, name), within(1e-9));
            }
        }
    }

    @Test
    void what_is_not_defined_is_not_a_number() {
        ClassificationEvaluation one =
                ClassificationEvaluation.of(List.of("a", "b"), new int[] {1, 1}, new float[][] {{0, 1}, {0.4f, 0.6f}});
        assertThat(one.rocAuc()).isNaN();
        assertThat(one.calibrationError()).isEqualTo(0.2, within(1e-6));
        RegressionEvaluation single = RegressionEvaluation.of(new double[] {1}, new double[] {3});
        assertThat(single.meanSquaredError()).isEqualTo(4);
        assertThat(single.score()).isNaN();
        assertThatThrownBy(
                        () -> MultiLabelEvaluation.of(List.of("a"), new boolean[][] {{true}}, new float[][] {{1.5f}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sigmoid");
        assertThatThrownBy(() -> RegressionEvaluation.of(new double[] {1}, new double[] {Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertAverage(ClassMetrics average, JsonArray expected) {
        assertThat(average.precision()).isEqualTo(expected.get(0).getAsDouble(), within(1e-9));
        assertThat(average.recall()).isEqualTo(expected.get(1).getAsDouble(), within(1e-9));
        assertThat(average.f1()).isEqualTo(expected.get(2).getAsDouble(), within(1e-9));
    }

    private static List<JsonObject> cases(String name) {
        return CASES.getAsJsonArray(name).asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static double number(JsonObject c, String name) {
        return c.get(name).getAsDouble();
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "label " + i).toList();
    }
}
