package dev.tailor.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.Pretrained;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.transfer.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Java's side of {@code src/test/python/peft_roundtrip.py}: saves an adapter or loads one, and writes its logits. */
final class PeftFolders {
    private PeftFolders() {}

    /** {@code save|load base adapter inputs.json logits.json [target ...]}. */
    public static void main(String[] arguments) throws IOException {
        List<String> all = List.of(arguments);
        Path base = Path.of(all.get(1));
        Path adapter = Path.of(all.get(2));
        JsonObject inputs = Json.readObject(Path.of(all.get(3)));
        Path outputs = Path.of(all.get(4));
        if (all.get(0).equals("load")) {
            try (var pipeline = Pretrained.from(base).adapter(adapter).load(Task.TEXT_CLASSIFICATION)) {
                write(outputs, logits(pipeline.model(), inputs));
            }
            return;
        }
        Strategy.Lora lora = Strategy.lora(4);
        List<String> targets = all.subList(5, all.size());
        try (var tuned = FineTuning.of(base, Task.TEXT_CLASSIFICATION)
                .strategy(targets.isEmpty() ? lora : lora.rootScaled(true).targets(targets.toArray(String[]::new)))
                .epochs(4)
                .batchSize(8)
                .learningRate(1e-2)
                .fit(Samples.sentences())) {
            tuned.saveAdapter(adapter);
            write(outputs, logits(tuned.pipeline().model(), inputs));
        }
    }

    private static float[] logits(PretrainedModel model, JsonObject inputs) {
        try (NDManager manager = model.newManager()) {
            Map<String, NDArray> arrays = Map.of(
                    "input_ids", array(manager, inputs.getAsJsonArray("input_ids")),
                    "attention_mask", array(manager, inputs.getAsJsonArray("attention_mask")));
            return Objects.requireNonNull(model.forward(arrays).get("logits")).toFloatArray();
        }
    }

    private static NDArray array(NDManager manager, JsonArray rows) {
        List<Long> flat = new ArrayList<>();
        rows.forEach(row -> row.getAsJsonArray().forEach(v -> flat.add(v.getAsLong())));
        long[] values = flat.stream().mapToLong(Long::longValue).toArray();
        return manager.create(values, new Shape(rows.size(), values.length / rows.size()));
    }

    private static void write(Path file, float[] logits) throws IOException {
        Files.writeString(file, new Gson().toJson(logits));
    }
}
