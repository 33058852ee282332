package dev.tailor.transfer.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.json.Json;
import dev.tailor.task.Classification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against scikit-learn 1.9.1, whose solutions were recorded at a tolerance of 1e-10. */
class FeatureHeadTest {
    private static JsonObject golden(String name) throws IOException {
        byte[] json = Files.readAllBytes(Path.of("src/test/resources/golden/heads.json"));
        return Json.parseObject(json, "heads.json", true).getAsJsonObject(name);
    }

    private static float[][] matrix(JsonArray rows) {
        return IntStream.range(0, rows.size())
                .mapToObj(r -> {
                    double[] row = doubles(rows.get(r).getAsJsonArray());
                    float[] floats = new float[row.length];
                    for (int i = 0; i < row.length; i++) {
                        floats[i] = (float) row[i];
                    }
                    return floats;
                })
                .toArray(float[][]::new);
    }

    private static double[] doubles(JsonArray values) {
        return IntStream.range(0, values.size())
                .mapToDouble(i -> values.get(i).getAsDouble())
                .toArray();
    }

    private static int[] labels(JsonObject golden) {
        return Arrays.stream(doubles(golden.getAsJsonArray("y")))
                .mapToInt(d -> (int) d)
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"three, 3, 1", "three, 3, 0.05", "two, 2, 1", "two, 2, 0.05"})
    void logistic_regression_finds_the_reference_s_solution(String name, int classes, double inverse)
            throws IOException {
        JsonObject golden = golden(name);
        Rows rows = Rows.of(matrix(golden.getAsJsonArray("x")));
        LinearModel model = FeatureHead.logisticRegression()
                .inverse(inverse)
                .tolerance(1e-8)
                .fit(rows, labels(golden), classes);
        JsonObject expected = golden.getAsJsonObject(inverse == 1 ? "lr1" : "lr0.05");
        JsonArray coefficients = expected.getAsJsonArray("coef");
        for (int v = 0; v < coefficients.size(); v++) {
            double[] vector = doubles(coefficients.get(v).getAsJsonArray());
            for (int i = 0; i < 4; i++) {
                double found = classes == 2 ? model.weight()[4 + i] - model.weight()[i] : model.weight()[4 * v + i];
                assertThat(found).isCloseTo(vector[i], within(1e-5));
            }
        }
        Rows others = Rows.of(matrix(golden.getAsJsonArray("t")));
        float[][] probabilities = matrix(expected.getAsJsonArray("proba"));
        for (int t = 0; t < others.size(); t++) {
            assertThat(model.probabilities(others, t)).containsExactly(probabilities[t], within(1e-5f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"three", "two"})
    void neighbours_and_means_answer_as_the_reference(String name) throws IOException {
        JsonObject golden = golden(name);
        int classes = name.equals("three") ? 3 : 2;
        Rows rows = Rows.of(matrix(golden.getAsJsonArray("x")));
        Rows others = Rows.of(matrix(golden.getAsJsonArray("t")));
        VectorModel neighbours = FeatureHead.nearestNeighbours(5).fit(rows, labels(golden), classes);
        VectorModel means = FeatureHead.nearestMean().fit(rows, labels(golden), classes);
        float[][] votes = matrix(golden.getAsJsonArray("knn5"));
        double[] nearest = doubles(golden.getAsJsonArray("centroid"));
        for (int t = 0; t < others.size(); t++) {
            assertThat(neighbours.probabilities(others, t)).containsExactly(votes[t], within(1e-6f));
            float[] shares = means.probabilities(others, t);
            int best = IntStream.range(0, classes)
                    .reduce((a, b) -> shares[b] > shares[a] ? b : a)
                    .orElseThrow();
            assertThat(best).isEqualTo((int) nearest[t]);
        }
    }

    @Test
    void separable_classes_and_absent_ones() {
        Rows rows = Rows.of(new float[] {0, 0}, new float[] {0, 1}, new float[] {5, 5}, new float[] {5, 6});
        for (FeatureHead.Direct head : List.of(
                FeatureHead.logisticRegression().inverse(1e6),
                FeatureHead.nearestMean(),
                FeatureHead.nearestNeighbours(9))) {
            VectorModel model = head.fit(rows, new int[] {0, 0, 2, 2}, 4);
            float[] far = model.probabilities(Rows.of(new float[] {6, 7}), 0);
            assertThat(far[1] + far[3]).isLessThan(1e-3f);
            if (!(head instanceof NearestNeighbours)) {
                assertThat(far[2]).isGreaterThan(0.99f);
            }
        }
    }

    @Test
    void a_weight_of_two_counts_as_examples_that_come_twice() {
        float[][] points = {{0, 1}, {1, 0}, {2, 1}, {1, 3}, {3, 2}, {0, 2}};
        for (int classes : new int[] {2, 3}) {
            int[] labels = classes == 2 ? new int[] {0, 0, 1, 1, 0, 1} : new int[] {0, 0, 1, 2, 1, 2};
            List<float[]> twice = new ArrayList<>(List.of(points));
            List<Integer> ids = new ArrayList<>();
            for (int label : labels) {
                ids.add(label);
            }
            for (int i = 0; i < points.length; i++) {
                if (labels[i] == 1) {
                    twice.add(points[i]);
                    ids.add(1);
                }
            }
            LogisticRegression head = FeatureHead.logisticRegression().tolerance(1e-9);
            double[] weights = new double[classes];
            Arrays.fill(weights, 1);
            weights[1] = 2;
            LinearModel weighted = head.fit(Rows.of(points), labels, classes, weights);
            LinearModel repeated = head.fit(
                    Rows.of(twice.toArray(float[][]::new)),
                    ids.stream().mapToInt(i -> i).toArray(),
                    classes);
            assertThat(weighted.weight()).containsExactly(repeated.weight(), within(1e-5));
            assertThat(weighted.bias()).containsExactly(repeated.bias(), within(1e-5));
            assertThat(weighted.weight())
                    .isNotEqualTo(head.fit(Rows.of(points), labels, classes).weight());
        }
        assertThatThrownBy(() -> FeatureHead.logisticRegression()
                        .fit(Rows.of(points), new int[] {0, 1, 0, 1, 0, 1}, 2, new double[] {1, 0}))
                .hasMessageContaining("positive weight");
        assertThatThrownBy(() -> FeatureHead.nearestMean()
                        .fit(Rows.of(points), new int[] {0, 1, 0, 1, 0, 1}, 2, new double[] {1, 2}))
                .hasMessageContaining("takes no weights");
    }

    @Test
    void a_classifier_on_vectors_tells_labels() {
        Rows rows = Rows.of(new float[] {0, 0}, new float[] {0, 1}, new float[] {5, 5}, new float[] {5, 6});
        List<String> labels = List.of("low", "low", "high", "high");
        VectorClassifier classifier = VectorClassifier.fit(FeatureHead.nearestMean(), rows, labels);
        assertThat(classifier.labels()).containsExactly("high", "low");
        Classification answer = classifier.classify(new float[] {1, 1});
        assertThat(answer.label()).isEqualTo("low");
        assertThat(classifier.evaluate(rows, labels).accuracy()).isEqualTo(1);
        assertThatThrownBy(() -> classifier.evaluate(rows, List.of("low", "low", "high", "mid")))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("[mid]");
        assertThatThrownBy(() -> VectorClassifier.fit(FeatureHead.nearestMean(), rows, List.of("a", "a", "a", "a")))
                .hasMessageContaining("at least two classes");
    }

    @Test
    void examples_that_do_not_fit_are_refused() {
        Rows rows = Rows.of(new float[] {0, 0}, new float[] {0, 1});
        assertThatThrownBy(() -> FeatureHead.nearestMean().fit(rows, new int[] {0}, 2))
                .hasMessageContaining("2 vectors and 1 labels");
        assertThatThrownBy(() -> FeatureHead.logisticRegression().fit(rows, new int[] {0, 2}, 2))
                .hasMessageContaining("class 2");
        assertThatThrownBy(() -> Rows.of(new float[] {1}, new float[] {1, 2})).hasMessageContaining("vector 1 has 2");
        assertThatThrownBy(() -> FeatureHead.nearestNeighbours(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FeatureHead.logisticRegression().inverse(-1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bags_of_words_are_the_reference_s() {
        TfIdf words = TfIdf.fit(
                List.of("The cat sat on the mat.", "A dog: the CAT's friend_1", "\u00c9clair \u00e0 la carte 42 x"));
        assertThat(words.width()).isEqualTo(11);
        Rows rows = words.rows(List.of("the cat the dog unknown", "x y"));
        double[] dense = new double[words.width()];
        rows.addTo(0, 1, dense, 0);
        assertThat(dense)
                .containsExactly(new double[] {0, 0, 0.385503, 0.50689, 0, 0, 0, 0, 0, 0.771006, 0}, within(1e-6));
        assertThat(rows.dot(0, dense, 0)).isCloseTo(1, within(1e-6));
        assertThat(rows.dot(1, dense, 0)).isZero();
    }
}
