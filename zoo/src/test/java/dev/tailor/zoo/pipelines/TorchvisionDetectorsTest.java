package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.Precision;
import dev.tailor.PretrainedModel;
import dev.tailor.Registry;
import dev.tailor.engine.Engine;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import dev.tailor.task.Detection;
import dev.tailor.task.Detections;
import dev.tailor.task.ObjectDetector;
import dev.tailor.zoo.testing.FormulaCheckpoint;
import dev.tailor.zoo.testing.ModelCopy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** torchvision's detectors at full size find what that library found, on weights from a formula. */
class TorchvisionDetectorsTest {
    private static final Path IMAGES = ModelCopy.recorded("image/images");

    @ParameterizedTest
    @ValueSource(strings = {"ssdlite", "fasterrcnn"})
    void objects_are_those_of_the_reference(String name) {
        Path recorded = ModelCopy.recorded("pictures/" + name);
        try (ObjectDetector detector = load(recorded)) {
            JsonObject pictures =
                    Json.readObject(recorded.resolve("expected.json")).getAsJsonObject("pictures");
            pictures.entrySet().forEach(entry -> {
                JsonObject expected = entry.getValue().getAsJsonObject();
                double threshold = expected.get("threshold").getAsDouble();
                Detections found = detector.threshold(threshold).detect(IMAGES.resolve(entry.getKey()));
                List<JsonObject> objects = expected.getAsJsonArray("objects").asList().stream()
                        .map(JsonElement::getAsJsonObject)
                        .toList();
                assertThat(found.count()).as(entry.getKey()).isEqualTo(objects.size());
                double near = 1e-3 * Math.max(found.width(), found.height());
                for (int i = 0; i < objects.size(); i++) {
                    check(found.objects().get(i), objects.get(i), near);
                }
            });
        }
    }

    private static void check(Detection found, JsonObject expected, double near) {
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
        assertThat(box).containsExactly(reference, within(near));
    }

    private static ObjectDetector load(Path recorded) {
        JsonObject network = Json.readObject(recorded.resolve("network.json"));
        JsonObject keys = network.getAsJsonObject("arguments").deepCopy();
        String constructor = network.get("constructor").getAsString();
        keys.addProperty("model_type", "torchvision/" + constructor);
        ModelConfig config = ModelConfig.parse(keys.toString(), constructor);
        Architecture architecture = Registry.architecture(config);
        TracedModel traced = TracedModel.of(
                        architecture, config, Head.OBJECT_DETECTION, new FormulaCheckpoint(network), constructor)
                .trace();
        Engine.Settings settings = new Engine.Settings(constructor, Device.cpu(), Precision.FLOAT32, 0);
        Snapshot snapshot = new Snapshot(constructor, recorded, "");
        PretrainedModel model = new PretrainedModel(
                snapshot,
                config,
                architecture,
                Head.OBJECT_DETECTION,
                Registry.engine("").inference(traced, settings),
                List.of());
        return new ObjectDetection().create(model);
    }
}
