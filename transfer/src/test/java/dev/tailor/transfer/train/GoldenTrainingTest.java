package dev.tailor.transfer.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.Precision;
import dev.tailor.Registry;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Engine;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.json.Json;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training runs equal those that torch recorded, step by step. The data come from the formula of the recording script. */
class GoldenTrainingTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final int LENGTH = 10;
    private static final int VOCABULARY = 120;

    @ParameterizedTest
    @CsvSource({
        "bert-full, SEQUENCE_CLASSIFICATION, 0",
        "bert-head, SEQUENCE_CLASSIFICATION, 0",
        "resnet-basic-full, IMAGE_CLASSIFICATION, 48",
        "vit-full, IMAGE_CLASSIFICATION, 32"
    })
    void steps_equal_those_of_torch(String name, Head head, int side) throws Exception {
        JsonObject recorded = Json.readObject(GOLDEN.resolve("training/" + name + ".json"));
        JsonObject settings = recorded.getAsJsonObject("recipe");
        int batch = settings.get("batch").getAsInt();
        int steps = settings.get("steps").getAsInt();
        Recipe recipe = new Recipe(
                settings.get("lr").getAsDouble(),
                settings.get("weight_decay").getAsDouble(),
                Schedule.LINEAR,
                settings.get("warmup").getAsInt(),
                settings.get("clip").getAsDouble(),
                0);
        Predicate<String> trainable = name.endsWith("head") ? k -> k.startsWith("classifier") : k -> true;
        try (TrainableNetwork network = network(recorded.get("model").getAsString(), head, trainable)) {
            Trainer trainer = new Trainer(network, recipe, steps);
            int step = 0;
            for (JsonElement element : recorded.getAsJsonArray("log")) {
                JsonObject expected = element.getAsJsonObject();
                StepReport report = trainer.step(List.of(batch(step, batch, side)));
                near(report.loss(), expected.get("loss").getAsDouble(), name + " loss of step " + step);
                near(report.gradientNorm(), expected.get("grad_norm").getAsDouble(), name + " norm of step " + step);
                assertThat(report.learningRate())
                        .isEqualTo(expected.getAsJsonArray("lr").get(0).getAsDouble());
                step++;
            }
            assertThat(step).isEqualTo(steps);
            checkAfterwards(network, name, batch(steps, batch, side));
        }
    }

    private static void checkAfterwards(TrainableNetwork network, String name, Batch probe) {
        Checkpoint kept = Checkpoint.open(GOLDEN.resolve("training/" + name + ".safetensors"));
        try (NDManager manager = network.newManager()) {
            Map<String, NDArray> outputs = network.evaluate(probe.inputs().apply(manager));
            near(outputs.get("logits").toFloatArray(), kept.floats("probe_logits"), name + " probe");
        }
        Map<String, float[]> weights = network.weights();
        for (String key : kept.names()) {
            if (!key.equals("probe_logits")) {
                near(weights.get(key), kept.floats(key), name + " " + key);
            }
        }
    }

    private static TrainableNetwork network(String model, Head head, Predicate<String> trainable) throws Exception {
        Path folder = GOLDEN.resolve("hf/" + model);
        String json = Files.readString(folder.resolve("config.json")).replaceAll("(_dropout_prob\": )[0-9.]+", "$10.0");
        ModelConfig config = ModelConfig.parse(json, model);
        Architecture architecture = Registry.architecture(config);
        TracedModel traced = TracedModel.of(architecture, config, head, Checkpoint.open(folder), model)
                .trace();
        Engine.Settings settings = new Engine.Settings(model, Device.cpu(), Precision.FLOAT32, 0);
        return Registry.engine("PyTorch").training(traced, new Engine.TrainingSettings(settings, trainable, 0));
    }

    private static Batch batch(int step, int size, int side) {
        long[] labels = new long[size];
        for (int i = 0; i < size; i++) {
            labels[i] = (long) (unit("labels", (long) step * size + i) * 3);
        }
        return new Batch(manager -> side == 0 ? text(manager, step, size) : pixels(manager, step, size, side), labels);
    }

    private static Map<String, NDArray> text(NDManager manager, int step, int size) {
        long[] ids = new long[size * LENGTH];
        long[] mask = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (long) (5 + Math.floor(unit("ids", (long) step * ids.length + i) * (VOCABULARY - 5)));
            mask[i] = 1;
        }
        Shape shape = new Shape(size, LENGTH);
        return Map.of(
                "input_ids", manager.create(LongBuffer.wrap(ids), shape, DataType.INT64),
                "attention_mask", manager.create(LongBuffer.wrap(mask), shape, DataType.INT64));
    }

    private static Map<String, NDArray> pixels(NDManager manager, int step, int size, int side) {
        float[] values = new float[size * 3 * side * side];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 * unit("pixels", (long) step * values.length + i) - 1.5);
        }
        Shape shape = new Shape(size, 3, side, side);
        return Map.of("pixel_values", manager.create(FloatBuffer.wrap(values), shape, DataType.FLOAT32));
    }

    /** The script's {@code unit}: murmur3's finaliser over a counter, in [0, 1). */
    private static double unit(String name, long index) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int x = (int) (crc.getValue() + index * 0x9E3779B9L);
        x ^= x >>> 16;
        x *= 0x85EBCA6B;
        x ^= x >>> 13;
        x *= 0xC2B2AE35;
        x ^= x >>> 16;
        return (x & 0xFFFFFFFFL) / 4294967296.0;
    }

    private static void near(float[] found, float[] expected, String what) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            near(found[i], expected[i], what + "[" + i + "]");
        }
    }

    private static void near(double found, double expected, String what) {
        assertThat(Math.abs(found - expected))
                .as("%s: expected %s, found %s", what, expected, found)
                .isLessThanOrEqualTo(Math.max(1e-4, 1e-3 * Math.abs(expected)));
    }
}
