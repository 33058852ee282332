package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.Pipeline;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.task.Detection;
import dev.tailor.task.Detections;
import dev.tailor.task.ImageSegmenter;
import dev.tailor.task.ObjectDetector;
import dev.tailor.task.Segmentation;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects and masks against what transformers' pipelines found with the same models in the same pictures. */
class FoundInPicturesTest {
    private static final Path IMAGES = ModelCopy.recorded("image/images");

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(strings = {"detr", "detr-old-size", "detr-exact-size", "yolos", "yolos-within"})
    void objects_are_those_of_the_reference(String name) {
        try (ObjectDetector detector = load(name, Task.OBJECT_DETECTION)) {
            List<Image> images = new ArrayList<>();
            List<Detections> found = new ArrayList<>();
            for (Map.Entry<String, JsonElement> entry : expected(name).entrySet()) {
                JsonObject expected = entry.getValue().getAsJsonObject();
                double threshold = expected.get("threshold").getAsDouble();
                Detections result = detector.threshold(threshold).detect(IMAGES.resolve(entry.getKey()));
                List<JsonObject> objects = expected.getAsJsonArray("objects").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .sorted(Comparator.comparingDouble(o -> -o.get("score").getAsDouble()))
                        .toList();
                assertThat(result.count()).as(entry.getKey()).isEqualTo(objects.size());
                for (int i = 0; i < objects.size(); i++) {
                    check(result.objects().get(i), objects.get(i), Math.max(result.width(), result.height()));
                }
                images.add(image(IMAGES.resolve(entry.getKey())));
                found.add(detector.threshold(0).detect(IMAGES.resolve(entry.getKey())));
            }
            List<Detections> together = detector.threshold(0).detect(images);
            for (int i = 0; i < found.size(); i++) {
                Detection one = found.get(i).objects().get(0);
                Detection other = together.get(i).objects().get(0);
                assertThat(together.get(i).count()).isEqualTo(found.get(i).count());
                assertThat(other.label()).isEqualTo(one.label());
                assertThat(other.score()).isCloseTo(one.score(), within(1e-5));
                assertThat(other.box().left()).isCloseTo(one.box().left(), within(1e-2));
            }
        }
    }

    private static void check(Detection found, JsonObject expected, int side) {
        assertThat(found.label()).isEqualTo(expected.get("label").getAsString());
        assertThat(found.score()).isCloseTo(expected.get("score").getAsDouble(), within(1e-4));
        double[] box = {
            found.box().left(),
            found.box().top(),
            found.box().right(),
            found.box().bottom()
        };
        double[] reference = expected.getAsJsonArray("box").asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray();
        assertThat(box).containsExactly(reference, within(1e-3 * side));
    }

    @ParameterizedTest
    @ValueSource(strings = {"segformer", "segformer-wide"})
    void masks_are_those_of_the_reference(String name) {
        try (ImageSegmenter segmenter = load(name, Task.SEMANTIC_SEGMENTATION)) {
            List<Image> images = new ArrayList<>();
            List<Segmentation> found = new ArrayList<>();
            for (Map.Entry<String, JsonElement> entry : expected(name).entrySet()) {
                JsonObject expected = entry.getValue().getAsJsonObject();
                Segmentation result = segmenter.segment(IMAGES.resolve(entry.getKey()));
                List<JsonElement> rows = expected.getAsJsonArray("mask").asList();
                assertThat(result.height()).isEqualTo(rows.size());
                int others = 0;
                for (int y = 0; y < result.height(); y++) {
                    String row = rows.get(y).getAsString();
                    assertThat(result.width()).isEqualTo(row.length());
                    for (int x = 0; x < result.width(); x++) {
                        others += result.id(x, y) == Character.digit(row.charAt(x), 36) ? 0 : 1;
                    }
                }
                assertThat(others)
                        .as(entry.getKey())
                        .isLessThanOrEqualTo(
                                expected.get("pixels_too_near_to_call").getAsInt());
                images.add(image(IMAGES.resolve(entry.getKey())));
                found.add(result);
            }
            List<Segmentation> together = segmenter.segment(images);
            for (int i = 0; i < found.size(); i++) {
                assertThat(together.get(i).areas().keySet())
                        .isEqualTo(found.get(i).areas().keySet());
            }
        }
    }

    @Test
    void streams_and_pictures_of_the_jdk_are_read_like_files() throws IOException {
        Path file = IMAGES.resolve("rgb-97x61.png");
        try (ObjectDetector detector = load("yolos", Task.OBJECT_DETECTION).threshold(0.2);
                InputStream stream = Files.newInputStream(file)) {
            Detections expected = detector.detect(file);
            assertThat(expected.count()).isPositive();
            assertThat(expected.width()).isEqualTo(97);
            assertThat(detector.detect(stream)).isEqualTo(expected);
            assertThat(detector.detect(ImageDecoder.standard().decode(file).toBufferedImage()))
                    .isEqualTo(expected);
            assertThat(detector.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
            assertThat(detector.detect(List.of())).isEmpty();
            assertThat(detector.threshold(1).detect(file).objects()).isEmpty();
            assertThatThrownBy(() -> detector.threshold(1.5)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private <P extends Pipeline<Image, ?>> P load(String name, Task<P> task) {
        Path expected = ModelCopy.recorded("pictures/" + name);
        String model =
                Json.readObject(expected.resolve("expected.json")).get("model").getAsString();
        ModelCopy copy = ModelCopy.of("hf/" + model, temporary.resolve(name));
        try {
            Files.copy(
                    expected.resolve("preprocessor_config.json"), copy.folder().resolve("preprocessor_config.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Pretrained.from(copy.folder()).threads(1).load(task);
    }

    private static JsonObject expected(String name) {
        return Json.readObject(ModelCopy.recorded("pictures/" + name).resolve("expected.json"))
                .getAsJsonObject("pictures");
    }

    private static Image image(Path file) {
        return new BufferedImageFactory()
                .fromImage(ImageDecoder.standard().decode(file).toBufferedImage());
    }
}
