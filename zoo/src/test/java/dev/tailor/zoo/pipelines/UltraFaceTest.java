package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Detections;
import dev.tailor.task.ObjectDetector;
import dev.tailor.zoo.testing.Assets;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A face detector with real weights, in PyTorch's own file. */
class UltraFaceTest {
    private static final int HEIGHT = 240;
    private static final int WIDTH = 320;

    @TempDir
    Path folder;

    @Test
    void scores_and_boxes_are_those_of_the_same_network_in_onnx() throws IOException {
        try (ObjectDetector detector = load();
                NDManager manager = detector.model().newManager()) {
            float[] pixels = new float[3 * HEIGHT * WIDTH];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (float) Math.sin(0.001 * i);
            }
            NDArray input = manager.create(pixels, new Shape(1, 3, HEIGHT, WIDTH));
            Map<String, NDArray> outputs = detector.model().forward(Map.of("pixel_values", input));
            float[] scores = outputs.get("scores").toFloatArray();
            float[] boxes = outputs.get("boxes").toFloatArray();
            // What ONNX Runtime gives for version-slim-320.onnx.
            assertThat(scores).hasSize(2 * 4420);
            assertThat(scores[1]).isCloseTo(0.105100f, within(1e-4f));
            assertThat(scores[3]).isCloseTo(0.105184f, within(1e-4f));
            assertThat(scores[2001]).isCloseTo(0.104874f, within(1e-4f));
            assertThat(scores[7201]).isCloseTo(0.094952f, within(1e-4f));
            assertThat(scores[8401]).isCloseTo(0.082552f, within(1e-4f));
            assertThat(scores[8801]).isCloseTo(0.046023f, within(1e-4f));
            assertThat(scores[8839]).isCloseTo(0.026642f, within(1e-4f));
            assertThat(boxes[4]).isCloseTo(-0.006175f, within(1e-4f));
            assertThat(boxes[5]).isCloseTo(-0.011626f, within(1e-4f));
            assertThat(boxes[6]).isCloseTo(0.038074f, within(1e-4f));
            assertThat(boxes[7]).isCloseTo(0.047732f, within(1e-4f));
            assertThat(boxes[14400]).isCloseTo(-0.017635f, within(1e-4f));
            assertThat(boxes[14401]).isCloseTo(-0.021208f, within(1e-4f));
            assertThat(boxes[14402]).isCloseTo(0.077650f, within(1e-4f));
            assertThat(boxes[14403]).isCloseTo(0.096019f, within(1e-4f));
            assertThat(boxes[17600]).isCloseTo(0.284645f, within(1e-4f));
            assertThat(boxes[17601]).isCloseTo(0.334582f, within(1e-4f));
            assertThat(boxes[17602]).isCloseTo(0.916443f, within(1e-4f));
            assertThat(boxes[17603]).isCloseTo(0.899061f, within(1e-4f));
        }
    }

    @Test
    void a_picture_without_faces_has_none() throws IOException {
        try (ObjectDetector detector = load()) {
            Detections found =
                    detector.detect(ModelCopy.recorded("image/images").resolve("rgb-300x200.png"));
            assertThat(found.objects()).isEmpty();
            assertThat(detector.labels()).containsExactly("background", "face");
        }
    }

    private ObjectDetector load() throws IOException {
        Files.copy(Assets.folder("ultraface").resolve("version-slim-320.pth"), folder.resolve("version-slim-320.pth"));
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "ultraface", "architectures": ["UltraFaceForObjectDetection"],
                 "id2label": {"0": "background", "1": "face"}}
                """);
        Files.writeString(folder.resolve("preprocessor_config.json"), """
                {"do_resize": true, "size": {"height": 240, "width": 320}, "resample": 2, "do_rescale": true,
                 "rescale_factor": 0.0078125, "do_normalize": true, "image_mean": [0.9921875, 0.9921875, 0.9921875],
                 "image_std": [1, 1, 1]}
                """);
        return Pretrained.from(folder).threads(1).load(Task.OBJECT_DETECTION);
    }
}
