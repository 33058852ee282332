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
import dev.tailor.engine.Optimizer;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.json.Json;
import dev.tailor.program.Head;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.program.TracedModel;
import dev.tailor.task.SegmentationEvaluation;
import dev.tailor.zoo.preprocess.BestLabels;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fitting for semantic segmentation equals what transformers does, step by step; see segmentation_training.py. */
class SegmentationTrainingTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final int LABELS = 3;

    @Test
    void steps_equal_those_of_transformers() throws IOException {
        JsonObject recorded = Json.readObject(GOLDEN.resolve("training/segformer-seg.json"));
        JsonObject settings = recorded.getAsJsonObject("recipe");
        int steps = settings.get("steps").getAsInt();
        int size = settings.get("batch").getAsInt();
        int side = settings.get("side").getAsInt();
        Recipe recipe = new Recipe(
                Optimizer.sgd(settings.get("momentum").getAsDouble()),
                settings.get("lr").getAsDouble(),
                settings.get("weight_decay").getAsDouble(),
                Schedule.LINEAR,
                settings.get("warmup").getAsInt(),
                settings.get("clip").getAsDouble(),
                (key, epoch) -> 1);
        try (TrainableNetwork network = network(recipe)) {
            Trainer trainer = new Trainer(network, recipe, steps, 0);
            int step = 0;
            for (JsonElement element : recorded.getAsJsonArray("log")) {
                JsonObject expected = element.getAsJsonObject();
                StepReport report = trainer.step(List.of(batch(step, size, side)));
                Recorded.near(report.loss(), expected.get("loss").getAsDouble(), "loss of step " + step);
                Recorded.near(report.gradientNorm(), expected.get("grad_norm").getAsDouble(), "norm of step " + step);
                Recorded.near(report.learningRate(), expected.get("lr").getAsDouble(), "rate of step " + step);
                step++;
            }
            assertThat(step).isEqualTo(steps);
            afterwards(network, recorded, batch(steps, size, side), side);
        }
    }

    private static TrainableNetwork network(Recipe recipe) throws IOException {
        Path folder = GOLDEN.resolve("hf/segformer-seg");
        String json = Files.readString(folder.resolve("config.json"))
                .replaceAll("((dropout[a-z_]*|drop_path_rate)\": )[0-9.]+", "$10.0");
        ModelConfig config = ModelConfig.parse(json, "segformer");
        TracedModel traced = TracedModel.of(
                        Registry.architecture(config),
                        config,
                        Head.SEMANTIC_SEGMENTATION,
                        Checkpoint.open(folder),
                        "segformer")
                .trace();
        Engine.Settings settings = new Engine.Settings("segformer", Device.cpu(), Precision.FLOAT32, 0);
        return Registry.engine("PyTorch")
                .training(
                        traced.withObjective(Losses.pixelCrossEntropy(0, List.of(), 0)),
                        new Engine.TrainingSettings(settings, key -> true, recipe.optimizer()));
    }

    private static void afterwards(TrainableNetwork network, JsonObject recorded, Batch probe, int side) {
        Checkpoint kept = Checkpoint.open(GOLDEN.resolve("training/segformer-seg.safetensors"));
        SegmentationEvaluation.Counter counter = new SegmentationEvaluation.Counter(List.of("none", "disc", "square"));
        try (NDManager manager = network.newManager()) {
            Map<String, NDArray> outputs = network.evaluate(probe.inputs().apply(manager));
            float[] logits = outputs.get("logits").toFloatArray();
            Recorded.near(logits, kept.floats("probe_logits"), "probe");
            Recorded.near(
                    outputs.get(Objective.LOSS).getFloat(),
                    recorded.get("probe_loss").getAsDouble(),
                    "loss of the probe");
            long[] shape = outputs.get("logits").getShape().getShape();
            int each = logits.length / (int) shape[0];
            for (int i = 0; i < shape[0]; i++) {
                int[] truth = new int[side * side];
                for (int p = 0; p < truth.length; p++) {
                    truth[p] = Math.max(-1, (int) probe.labels()[i * truth.length + p]);
                }
                int[] found = BestLabels.of(logits, i * each, LABELS, (int) shape[2], (int) shape[3], side, side);
                counter.add(truth, found);
            }
        }
        SegmentationEvaluation evaluation = counter.evaluation();
        JsonObject measured = recorded.getAsJsonObject("probe");
        evaluation
                .metrics()
                .forEach(
                        (name, value) -> Recorded.near(value, measured.get(name).getAsDouble(), name));
        assertThat(evaluation.score()).isEqualTo(evaluation.meanIou());
        Map<String, float[]> weights = network.weights();
        for (String key : kept.names()) {
            if (!key.equals("probe_logits")) {
                Recorded.near(weights.get(key), kept.floats(key), key);
            }
        }
    }

    private static Batch batch(int step, int size, int side) {
        float[] pixels = new float[size * 3 * side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (3 * Recorded.unit("pixels", (long) step * pixels.length + i) - 1.5);
        }
        long[] labels = new long[size * side * side];
        for (int i = 0; i < labels.length; i++) {
            long label = (long) (3.5 * Recorded.unit("masks", (long) step * labels.length + i));
            labels[i] = label == LABELS ? Losses.IGNORED : label;
        }
        Shape shape = new Shape(size, 3, side, side);
        return Batch.classified(
                manager -> Map.of("pixel_values", manager.create(FloatBuffer.wrap(pixels), shape, DataType.FLOAT32)),
                labels,
                size,
                side,
                side);
    }
}
