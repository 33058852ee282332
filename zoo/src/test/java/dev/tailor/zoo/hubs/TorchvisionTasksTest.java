package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.tailor.ModelId;
import dev.tailor.Pretrained;
import dev.tailor.Registry;
import dev.tailor.Task;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.program.Architecture;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import dev.tailor.task.Detection;
import dev.tailor.task.Segmentation;
import dev.tailor.zoo.testing.FormulaCheckpoint;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the name of a segmentation network or a detector of torchvision to masks and boxes with the labels it was trained for. */
class TorchvisionTasksTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path PICTURE = RESOURCES.resolve("golden/image/images/rgb-97x61.png");

    @TempDir
    Path temporary;

    static Stream<TorchvisionWeights> masksAndBoxes() {
        return TorchvisionWeights.table().stream().filter(row -> row.kind() != TorchvisionWeights.Kind.CLASSIFICATION);
    }

    @ParameterizedTest
    @MethodSource("masksAndBoxes")
    void a_row_describes_a_network_that_the_zoo_has(TorchvisionWeights row) {
        ModelConfig config = ModelConfig.parse(row.toJson().toString(), row.model());
        assertThat(config.labels()).hasSize(row.classes()).startsWith("__background__");
        assertThat(config.has("label_names")).isTrue();
        Architecture architecture = Registry.architecture(config);
        TracedModel traced = TracedModel.of(
                        architecture, config, architecture.head(config), Checkpoint.empty(), row.model())
                .renewAll()
                .trace();
        // Auxiliary classifiers serve training alone.
        long parameters = traced.program().weights().entrySet().stream()
                .filter(e -> !e.getKey().matches(".*running_(mean|var)"))
                .mapToLong(e -> e.getValue().elements())
                .sum();
        assertThat(parameters).isBetween((long) (0.9 * row.parameters()), row.parameters() + 100_000);
    }

    @Test
    void labels_are_those_of_the_data_sets() {
        ModelConfig voc = ModelConfig.parse(row("fcn_resnet50").toJson().toString(), "fcn_resnet50");
        assertThat(voc.labels()).contains("aeroplane", "tvmonitor").element(15).isEqualTo("person");
        ModelConfig coco =
                ModelConfig.parse(row("fasterrcnn_resnet50_fpn").toJson().toString(), "fasterrcnn");
        assertThat(coco.labels()).element(1).isEqualTo("person");
        assertThat(coco.labels()).element(90).isEqualTo("toothbrush");
        assertThat(coco.text("weights", "")).isEqualTo("COCO_V1");
        assertThat(coco.has("min_size"))
                .as("the size that the detector resizes to")
                .isFalse();
        TorchHubId old = TorchHubId.parse("pytorch/vision:v0.10.0/ssdlite320_mobilenet_v3_large");
        assertThat(old.file()).isEqualTo("ssdlite320_mobilenet_v3_large_coco-a79551df.pth");
    }

    @Test
    void a_segmentation_network_paints_the_mask_of_torchvision() throws IOException {
        JsonObject recording =
                Json.readObject(RESOURCES.resolve("golden/vision/torchvision-lraspp_mobilenet_v3_large.json"));
        BufferedImage expected = ImageIO.read(RESOURCES
                .resolve("dev/tailor/zoo/hubs/torchvision/lraspp_mobilenet_v3_large.png")
                .toFile());
        Snapshot snapshot = fetched("lraspp_mobilenet_v3_large", recording, 21);
        try (var segmenter = Pretrained.from(snapshot.root()).threads(2).load(Task.SEMANTIC_SEGMENTATION)) {
            Segmentation found = segmenter.segment(PICTURE);
            assertThat(found.width()).isEqualTo(expected.getWidth());
            assertThat(found.height()).isEqualTo(expected.getHeight());
            int different = 0;
            for (int y = 0; y < found.height(); y++) {
                for (int x = 0; x < found.width(); x++) {
                    different += found.id(x, y) == expected.getRaster().getSample(x, y, 0) ? 0 : 1;
                }
            }
            assertThat(different).isLessThanOrEqualTo(found.mask().length / 200);
            assertThat(found.areas()).containsKeys("aeroplane", "cat");
        }
    }

    @Test
    void a_detector_finds_the_objects_of_torchvision() throws IOException {
        Path recorded = RESOURCES.resolve("golden/pictures/ssdlite");
        JsonObject expected = Json.readObject(recorded.resolve("expected.json"))
                .getAsJsonObject("pictures")
                .getAsJsonObject("rgb-97x61.png");
        Snapshot snapshot =
                fetched("ssdlite320_mobilenet_v3_large", Json.readObject(recorded.resolve("network.json")), 6);
        try (var detector = Pretrained.from(snapshot.root()).threads(2).load(Task.OBJECT_DETECTION)) {
            List<Detection> found = detector.threshold(expected.get("threshold").getAsDouble())
                    .detect(PICTURE)
                    .objects();
            assertThat(found).hasSameSizeAs(expected.getAsJsonArray("objects").asList());
            for (int i = 0; i < found.size(); i++) {
                JsonObject object = expected.getAsJsonArray("objects").get(i).getAsJsonObject();
                assertThat(found.get(i).label()).isEqualTo(object.get("label").getAsString());
                assertThat(found.get(i).score()).isCloseTo(object.get("score").getAsDouble(), within(1e-4));
            }
        }
    }

    /** The formula's weights as a published file, fetched by the network's name from a server of ours. */
    private Snapshot fetched(String model, JsonObject recording, int classes) throws IOException {
        FormulaCheckpoint formula = new FormulaCheckpoint(recording);
        List<TensorData> tensors = formula.names().stream()
                .filter(name -> !name.endsWith("num_batches_tracked"))
                .map(name -> TensorData.of(formula, name))
                .toList();
        Path file = temporary.resolve("weights");
        Safetensors.write(file, tensors, Map.of("format", "pt"));
        byte[] weights = Files.readAllBytes(file);
        String name = model + "-" + FakeHuggingFace.sha256(weights).substring(0, 8) + ".pth";
        try (TwoHosts server = new TwoHosts()) {
            server.onHub(exchange -> TwoHosts.file(exchange, weights));
            Environment environment = Environment.of(Map.of(
                    "TORCH_HOME", temporary.resolve("torch").toString(),
                    "TAILOR_HOME", temporary.resolve("tailor").toString()));
            TorchHub hub = new TorchHub(
                    environment,
                    RetryPolicy.standard(),
                    server.hub().resolve("/models/"),
                    List.of(row(model).published(name, classes)));
            return hub.fetch(ModelId.parse("torchhub://pytorch/vision/" + model), FetchRequest.defaults());
        }
    }

    private static TorchvisionWeights row(String model) {
        return TorchvisionWeights.table().stream()
                .filter(row -> row.model().equals(model))
                .findFirst()
                .orElseThrow();
    }
}
