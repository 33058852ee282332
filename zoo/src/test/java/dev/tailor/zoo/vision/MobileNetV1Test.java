package dev.tailor.zoo.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Pretrained;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.task.ImageClassifier;
import dev.tailor.zoo.testing.Assets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published MobileNet v1 0.25 on recorded logits and on real pictures. */
class MobileNetV1Test {
    private static final String MODEL = "mobilenet_v1_0.25_224";
    private static final int[] CLASSES = {0, 1, 100, 500, 985, 999};

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet_2_5_224_tf.h5", "mobilenet_v1_025_224-e2d0e8d4.pth"})
    void other_libraries_files_give_the_same_logits(String file) throws IOException {
        Path folder = Assets.folder(MODEL);
        Files.copy(Assets.folder("mobilenet-v1-0.25-derived").resolve(file), temporary.resolve(file));
        Files.copy(folder.resolve("config.json"), temporary.resolve("config.json"));
        float[] expected = logits(folder);
        float[] found = logits(temporary);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-5f));
        }
    }

    private static float[] logits(Path folder) {
        try (PretrainedModel model = Pretrained.from(folder).threads(1).load();
                NDManager manager = model.newManager()) {
            NDArray pixels = manager.create(pattern(3 * 224 * 224), new Shape(1, 3, 224, 224));
            return Objects.requireNonNull(
                            model.forward(Map.of("pixel_values", pixels)).get("logits"))
                    .toFloatArray();
        }
    }

    /** Logits of transformers 5.18 for the pattern; at 193 x 161 TensorFlow's border is uneven in several layers. */
    @ParameterizedTest
    @CsvSource({
        "224, 224, 0.73927, 1.23237, -4.12585, -2.10778, -0.63094, 2.02924, 904, 10.38339, 72.50804",
        "193, 161, -3.69739, 0.28726, -2.39573, -2.78341, -0.55200, 1.07252, 904, 9.54894, 76.36057"
    })
    void logits_are_those_of_the_reference(
            int height,
            int width,
            float a,
            float b,
            float c,
            float d,
            float e,
            float f,
            int best,
            float highest,
            float norm) {
        try (PretrainedModel model =
                        Pretrained.from(Assets.folder(MODEL)).threads(1).load();
                NDManager manager = model.newManager()) {
            NDArray pixels = manager.create(pattern(3 * height * width), new Shape(1, 3, height, width));
            float[] logits = Objects.requireNonNull(
                            model.forward(Map.of("pixel_values", pixels)).get("logits"))
                    .toFloatArray();
            float[] expected = {a, b, c, d, e, f};
            for (int i = 0; i < CLASSES.length; i++) {
                assertThat(logits[CLASSES[i]]).isCloseTo(expected[i], within(2e-4f));
            }
            assertThat(logits[best]).isCloseTo(highest, within(2e-4f));
            double sum = 0;
            for (float logit : logits) {
                assertThat(logit).isLessThanOrEqualTo(logits[best]);
                sum += (double) logit * logit;
            }
            assertThat(Math.sqrt(sum)).isCloseTo(norm, within(1e-2));
        }
    }

    @Test
    void most_daisies_are_recognised() throws IOException {
        List<Path> daisies;
        try (Stream<Path> files = Files.list(Assets.folder("data-flowers-cc-by").resolve("val/daisy"))) {
            daisies = files.sorted().toList();
        }
        try (ImageClassifier classifier =
                Pretrained.from(Assets.folder(MODEL)).threads(1).load(Task.IMAGE_CLASSIFICATION)) {
            long right = daisies.stream()
                    .filter(file -> classifier.classify(file).label().equals("daisy"))
                    .count();
            assertThat(daisies).hasSizeGreaterThan(20);
            assertThat(right).isGreaterThanOrEqualTo(Math.round(0.6 * daisies.size()));
        }
    }

    private static float[] pattern(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            int phase = i % 101;
            values[i] = (float) Math.sin(i * 0.37 + 0.001 * (phase * phase));
        }
        return values;
    }
}
