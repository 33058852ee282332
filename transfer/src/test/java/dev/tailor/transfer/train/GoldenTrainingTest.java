package dev.tailor.transfer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.Precision;
import dev.tailor.Registry;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.JoinedCheckpoint;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.engine.Optimizer;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.json.Json;
import dev.tailor.program.AdapterFolder;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.program.TracedModel;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training runs equal those that torch recorded, step by step. The data come from the formula of the recording script. */
class GoldenTrainingTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Engine.Settings SETTINGS =
            new Engine.Settings("the golden model", Device.cpu(), Precision.FLOAT32, 0);
    private static final int LENGTH = 10;
    private static final int VOCABULARY = 120;

    @ParameterizedTest
    @CsvSource({
        "bert-full, SEQUENCE_CLASSIFICATION, 0",
        "bert-head, SEQUENCE_CLASSIFICATION, 0",
        "bert-accumulate-smooth-weights-cosine, SEQUENCE_CLASSIFICATION, 0",
        "bert-sgd-cosine, SEQUENCE_CLASSIFICATION, 0",
        "bert-layerwise-lr, SEQUENCE_CLASSIFICATION, 0",
        "bert-lora, SEQUENCE_CLASSIFICATION, 0",
        "distilbert-lora-all-linear, SEQUENCE_CLASSIFICATION, 0",
        "resnet-basic-full, IMAGE_CLASSIFICATION, 48",
        "vit-full, IMAGE_CLASSIFICATION, 32"
    })
    void steps_equal_those_of_torch(String name, Head head, int side) throws Exception {
        JsonObject recorded = Json.readObject(GOLDEN.resolve("training/" + name + ".json"));
        JsonObject settings = recorded.getAsJsonObject("recipe");
        int batch = settings.get("batch").getAsInt();
        int steps = settings.get("steps").getAsInt();
        int micro = settings.has("accumulate") ? settings.get("accumulate").getAsInt() : 1;
        try (TrainableNetwork network = network(name, head, recorded)) {
            if (settings.has("trainable_parameters")) {
                long count = network.trainable().stream()
                        .mapToLong(k -> network.program().weight(k).elements())
                        .sum();
                assertThat(count).isEqualTo(settings.get("trainable_parameters").getAsLong());
            }
            Trainer trainer = new Trainer(network, recipe(settings, name), steps, 0);
            int step = 0;
            for (JsonElement element : recorded.getAsJsonArray("log")) {
                JsonObject expected = element.getAsJsonObject();
                List<Batch> batches = new ArrayList<>();
                for (int i = 0; i < micro; i++) {
                    batches.add(batch(step * micro + i, batch, side));
                }
                StepReport report = trainer.step(batches);
                Recorded.near(report.loss(), expected.get("loss").getAsDouble(), name + " loss of step " + step);
                Recorded.near(
                        report.gradientNorm(), expected.get("grad_norm").getAsDouble(), name + " norm of step " + step);
                assertThat(report.learningRate())
                        .isCloseTo(expected.getAsJsonArray("lr").get(0).getAsDouble(), within(1e-12));
                step++;
            }
            assertThat(step).isEqualTo(steps);
            checkAfterwards(network, name, batch(steps * micro, batch, side));
        }
    }

    private static Recipe recipe(JsonObject settings, String name) {
        boolean sgd = settings.get("optimizer").getAsString().equals("sgd");
        return new Recipe(
                sgd ? Optimizer.sgd(settings.get("momentum").getAsDouble()) : Optimizer.adamW(),
                settings.get("lr").getAsDouble(),
                settings.get("weight_decay").getAsDouble(),
                Schedule.valueOf(settings.get("schedule").getAsString().toUpperCase(Locale.ROOT)),
                settings.get("warmup").getAsInt(),
                settings.get("clip").getAsDouble(),
                (key, epoch) -> name.contains("layerwise") ? layerwise(key) : 1);
    }

    /** The factors of the recording script. */
    private static double layerwise(String key) {
        if (key.contains("embeddings")) {
            return 0.125;
        }
        return key.contains("layer.0.") ? 0.25 : key.contains("layer.1.") ? 0.5 : 1;
    }

    private static Objective objective(JsonObject settings) {
        List<Double> weights = new ArrayList<>();
        if (settings.has("class_weights")) {
            settings.getAsJsonArray("class_weights").forEach(w -> weights.add(w.getAsDouble()));
        }
        double smoothing = settings.has("label_smoothing")
                ? settings.get("label_smoothing").getAsDouble()
                : 0;
        return Losses.crossEntropy(smoothing, weights, 0);
    }

    private static void checkAfterwards(TrainableNetwork network, String name, Batch probe) {
        Checkpoint kept = Checkpoint.open(GOLDEN.resolve("training/" + name + ".safetensors"));
        try (NDManager manager = network.newManager()) {
            Map<String, NDArray> inputs = new HashMap<>(probe.inputs().apply(manager));
            inputs.remove(Losses.LABELS);
            Map<String, NDArray> outputs = network.evaluate(inputs);
            Recorded.near(outputs.get("logits").toFloatArray(), kept.floats("probe_logits"), name + " probe");
        }
        Map<String, float[]> weights = network.weights();
        for (String key : kept.names()) {
            if (!key.equals("probe_logits")) {
                Recorded.near(weights.get(key), kept.floats(key), name + " " + key);
            }
        }
    }

    private static TracedModel.Request request(JsonObject recorded, Head head, UnaryOperator<Checkpoint> weights)
            throws Exception {
        String model = recorded.get("model").getAsString();
        Path folder = GOLDEN.resolve("hf/" + model);
        String json =
                Files.readString(folder.resolve("config.json")).replaceAll("(dropout[a-z_]*\": )[0-9.]+", "$10.0");
        ModelConfig config = ModelConfig.parse(json, model);
        Architecture architecture = Registry.architecture(config);
        return TracedModel.of(architecture, config, head, weights.apply(Checkpoint.open(folder)), model);
    }

    /**
     * Against {@code torch.autocast("cpu", torch.bfloat16)} around the forward pass of the same recipes. Numbers of 8 bits of
     * mantissa differ by 2^-9 relative after each product, so a loss differs by a few thousandths however the same.
     */
    @ParameterizedTest
    @CsvSource({
        "bert-full, SEQUENCE_CLASSIFICATION, 0",
        "resnet-basic-full, IMAGE_CLASSIFICATION, 48",
        "vit-full, IMAGE_CLASSIFICATION, 32"
    })
    void steps_in_brain_floats_follow_autocast_and_those_in_full(String name, Head head, int side) throws Exception {
        JsonObject recorded = Json.readObject(GOLDEN.resolve("training/" + name + ".json"));
        JsonObject autocast = Json.readObject(GOLDEN.resolve("training/bfloat16.json"));
        JsonArray expected = autocast.getAsJsonObject("log").getAsJsonArray(name);
        JsonArray full = recorded.getAsJsonArray("log");
        JsonObject settings = recorded.getAsJsonObject("recipe");
        int batch = settings.get("batch").getAsInt();
        try (TrainableNetwork network = network(name, head, recorded, Precision.BFLOAT16)) {
            Trainer trainer = new Trainer(network, recipe(settings, name), expected.size(), 0);
            for (int step = 0; step < expected.size(); step++) {
                StepReport report = trainer.step(List.of(batch(step, batch, side)));
                double loss = report.loss();
                assertThat(loss)
                        .as("loss of step " + step)
                        .isCloseTo(number(expected, step, "loss"), withinPercentage(2))
                        .isCloseTo(number(full, step, "loss"), withinPercentage(2));
                assertThat(report.gradientNorm())
                        .as("norm of step " + step)
                        .isCloseTo(number(expected, step, "grad_norm"), withinPercentage(8));
                if (step == 0) {
                    assertThat(loss).as("16 bits leave a trace").isNotEqualTo(number(full, 0, "loss"));
                }
            }
            assertThat(network.weights().values()).allSatisfy(w -> assertThat(w).isNotEmpty());
        }
    }

    private static double number(JsonArray log, int step, String name) {
        return log.get(step).getAsJsonObject().get(name).getAsDouble();
    }

    private static TrainableNetwork network(String name, Head head, JsonObject recorded) throws Exception {
        return network(name, head, recorded, Precision.FLOAT32);
    }

    private static TrainableNetwork network(String name, Head head, JsonObject recorded, Precision precision)
            throws Exception {
        Path folder = GOLDEN.resolve("training/" + name);
        TracedModel traced;
        Predicate<String> trainable;
        if (Files.isDirectory(folder)) {
            AdapterFolder adapter = AdapterFolder.read(folder);
            traced = request(recorded, head, c -> new JoinedCheckpoint(c, adapter.weights()))
                    .beside(adapter.adapter())
                    .trace();
            trainable = adapter.adapter()::trains;
        } else {
            traced = request(recorded, head, c -> c).trace();
            trainable = name.endsWith("head") ? k -> k.startsWith("classifier") : k -> true;
        }
        JsonObject settings = recorded.getAsJsonObject("recipe");
        return Registry.engine("PyTorch")
                .training(
                        traced.withObjective(objective(settings)),
                        new Engine.TrainingSettings(
                                new Engine.Settings(SETTINGS.model(), SETTINGS.device(), precision, SETTINGS.threads()),
                                trainable,
                                recipe(settings, name).optimizer()));
    }

    @ParameterizedTest
    @CsvSource({"bert-lora, SEQUENCE_CLASSIFICATION", "distilbert-lora-all-linear, SEQUENCE_CLASSIFICATION"})
    void adapters_of_peft_give_its_logits_merged_and_beside(String name, Head head) throws Exception {
        JsonObject recorded = Json.readObject(GOLDEN.resolve("training/" + name + ".json"));
        Path folder = GOLDEN.resolve("training/" + name);
        float[] before =
                Checkpoint.open(folder.resolve("golden.safetensors")).floats("logits_of_step_0_before_training");
        float[] after = Checkpoint.open(GOLDEN.resolve("training/" + name + ".safetensors"))
                .floats("probe_logits");
        int size = recorded.getAsJsonObject("recipe").get("batch").getAsInt();
        int steps = recorded.getAsJsonObject("recipe").get("steps").getAsInt();
        for (boolean merged : new boolean[] {true, false}) {
            Recorded.near(
                    logits(recorded, head, AdapterFolder.read(folder), merged, batch(0, size, 0)), before, "before");
            AdapterFolder trained = AdapterFolder.read(folder.resolve("trained"));
            Recorded.near(logits(recorded, head, trained, merged, batch(steps, size, 0)), after, "after");
        }
    }

    private static float[] logits(JsonObject recorded, Head head, AdapterFolder adapter, boolean merged, Batch batch)
            throws Exception {
        TracedModel.Request request = request(recorded, head, c -> new JoinedCheckpoint(c, adapter.weights()));
        TracedModel traced = (merged ? request.merged(adapter.adapter()) : request.beside(adapter.adapter())).trace();
        try (Network network = Registry.engine("PyTorch").inference(traced, SETTINGS);
                NDManager manager = network.newManager()) {
            Map<String, NDArray> inputs = new HashMap<>(batch.inputs().apply(manager));
            inputs.remove(Losses.LABELS);
            return network.forward(inputs).get("logits").toFloatArray();
        }
    }

    private static Batch batch(int step, int size, int side) {
        long[] labels = new long[size];
        for (int i = 0; i < size; i++) {
            labels[i] = (long) (Recorded.unit("labels", (long) step * size + i) * 3);
        }
        return Batch.classified(
                manager -> side == 0 ? text(manager, step, size) : pixels(manager, step, size, side), labels);
    }

    private static Map<String, NDArray> text(NDManager manager, int step, int size) {
        long[] ids = new long[size * LENGTH];
        long[] mask = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (long) (5 + Math.floor(Recorded.unit("ids", (long) step * ids.length + i) * (VOCABULARY - 5)));
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
            values[i] = (float) (3 * Recorded.unit("pixels", (long) step * values.length + i) - 1.5);
        }
        Shape shape = new Shape(size, 3, side, side);
        return Map.of("pixel_values", manager.create(FloatBuffer.wrap(values), shape, DataType.FLOAT32));
    }
}
