package dev.tailor.zoo.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.tailor.Precision;
import dev.tailor.Pretrained;
import dev.tailor.Registry;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.CheckpointView;
import dev.tailor.checkpoint.TensorSource;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.json.Json;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import dev.tailor.task.Classification;
import dev.tailor.task.ImageClassifier;
import dev.tailor.zoo.testing.FormulaCheckpoint;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keras' ResNets are torchvision's under other names; {@code make_keras.py} beside the recordings tells what Keras computed. */
class KerasResNetTest {
    private static final Path RECORDED = Path.of("src/test/resources/golden/keras");
    private static final Path SMALL = RECORDED.resolve("small");
    private static final int EVERY = 25;
    private static final Map<String, String> LEAVES = Map.of(
            "kernel", "weight",
            "bias", "bias",
            "gamma", "weight",
            "beta", "bias",
            "moving_mean", "running_mean",
            "moving_variance", "running_var");

    @TempDir
    Path temporary;

    @Test
    void the_full_network_gives_the_logits_that_keras_gave() {
        JsonObject recording = Json.readObject(RECORDED.resolve("resnet50.json"));
        ModelConfig config = ModelConfig.parse("{\"model_type\": \"keras/resnet50\"}", "the config");
        Architecture architecture = Registry.architecture(config);
        TracedModel model = TracedModel.of(
                        architecture, config, architecture.head(config), keras(recording), "keras/resnet50")
                .trace();
        assertThat(model.ignored()).isEmpty();
        Engine.Settings settings = new Engine.Settings("keras/resnet50", Device.cpu(), Precision.FLOAT32, 0);
        try (Network network = Registry.engine("").inference(model, settings);
                NDManager manager = network.newManager()) {
            Shape shape = new Shape(1, 3, 224, 224);
            NDArray pixels = manager.create(FormulaCheckpoint.input((int) shape.size()), shape, DataType.FLOAT32);
            check(recording.getAsJsonArray("logits"), network, pixels);
            check(recording.getAsJsonArray("logits_of_mirrored_input"), network, pixels.flip(3));
        }
    }

    private static void check(JsonArray expected, Network network, NDArray pixels) {
        float[] logits = Objects.requireNonNull(
                        network.forward(Map.of("pixel_values", pixels)).get("logits"))
                .toFloatArray();
        assertThat(logits).hasSize(EVERY * expected.size());
        double largest = IntStream.range(0, expected.size())
                .mapToDouble(i -> Math.abs(expected.get(i).getAsDouble()))
                .max()
                .orElseThrow();
        for (int i = 0; i < expected.size(); i++) {
            assertThat((double) logits[i * EVERY]).isCloseTo(expected.get(i).getAsDouble(), within(2e-4 * largest));
        }
    }

    /** The formula's tensors of PyTorch's layout, as Keras would name and turn them. */
    private static Checkpoint keras(JsonObject recording) {
        JsonObject shapes = new JsonObject();
        JsonArray norms = new JsonArray();
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        recording.getAsJsonObject("weights").entrySet().forEach(entry -> {
            String name = entry.getKey();
            String leaf = name.substring(name.lastIndexOf('/') + 1, name.length() - 2);
            String own = name.substring(0, name.lastIndexOf('/')) + "." + LEAVES.get(leaf);
            JsonArray shape = entry.getValue().getAsJsonArray();
            TensorSource source = TensorSource.of(own);
            int[] order = IntStream.range(0, shape.size()).toArray();
            if (shape.size() == 4) {
                order = new int[] {3, 2, 0, 1};
                source = source.permuted(2, 3, 1, 0);
            } else if (shape.size() == 2) {
                order = new int[] {1, 0};
                source = source.permuted(1, 0);
            }
            JsonArray turned = new JsonArray();
            IntStream.of(order).forEach(i -> turned.add(shape.get(i)));
            shapes.add(own, turned);
            tensors.put(name, source);
            if (leaf.equals("gamma")) {
                norms.add(own);
            }
        });
        JsonObject formula = new JsonObject();
        formula.add("gain", recording.get("gain"));
        formula.add("norm_weights", norms);
        formula.add("state_dict", shapes);
        return CheckpointView.of(new FormulaCheckpoint(formula), tensors);
    }

    @Test
    void a_file_that_keras_wrote_classifies_a_picture_as_keras_does() throws IOException {
        JsonArray expected = JsonParser.parseString(Files.readString(SMALL.resolve("expected.json")))
                .getAsJsonArray();
        try (ImageClassifier classifier = Pretrained.from(SMALL).threads(1).load(Task.IMAGE_CLASSIFICATION)) {
            Classification found = classifier.classify(SMALL.resolve("picture.png"));
            assertThat(found.scores()).hasSize(expected.size());
            found.scores().forEach(score -> {
                int id = Integer.parseInt(score.label().substring("LABEL_".length()));
                assertThat(score.score()).isCloseTo(expected.get(id).getAsDouble(), within(1e-5));
            });
        }
        try (var embedder = Pretrained.from(SMALL).threads(1).load(Task.IMAGE_EMBEDDING)) {
            assertThat(embedder.embed(SMALL.resolve("picture.png")).vector()).hasSize(32);
        }
    }

    @Test
    void the_name_alone_says_how_pictures_are_prepared_and_unknown_ways_are_refused() {
        ModelCopy copy = ModelCopy.of("keras/small", temporary).replace("config.json", "caffe", "theano");
        assertThatThrownBy(() -> Pretrained.from(temporary).load(Task.IMAGE_CLASSIFICATION))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("theano")
                .hasMessageContaining("caffe, tf and torch");
        copy.edit("config.json", text -> text.replaceFirst(",\\s*\"transforms\"(?s:.*)", "}"));
        try (ImageClassifier classifier = Pretrained.from(temporary).threads(1).load(Task.IMAGE_CLASSIFICATION)) {
            assertThat(classifier.classify(SMALL.resolve("picture.png")).scores())
                    .hasSize(5);
        }
    }

    @Test
    void deeper_ones_differ_in_depth_alone() {
        Architecture architecture = TorchResNet.ARCHITECTURE;
        ModelConfig deep = architecture.variant("keras/resnet152");
        assertThat(deep.integers("layers", List.of())).containsExactly(3L, 8L, 36L, 3L);
        assertThat(deep.flag("stride_first", false)).isTrue();
        ModelConfig config = ModelConfig.parse("{\"model_type\": \"keras/resnet101\"}", "the config");
        TracedModel model = TracedModel.of(
                        architecture, config, Head.IMAGE_CLASSIFICATION, Checkpoint.empty(), "keras/resnet101")
                .renewAll()
                .trace();
        assertThat(model.program().weights()).containsKeys("layer3.22.conv3.bias", "layer4.0.downsample.0.bias");
    }
}
