package dev.tailor.transfer;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.task.Embedding;
import dev.tailor.task.Likeness;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Java's side of {@code src/test/python/embedder_roundtrip.py}: fits an embedder, saves it and writes its vectors. */
final class EmbedderFolders {
    private EmbedderFolders() {}

    /** {@code base out texts.json vectors.json}. */
    public static void main(String[] arguments) throws IOException {
        List<String> texts = new ArrayList<>();
        JsonObject inputs = Json.readObject(Path.of(arguments[2]));
        for (JsonElement text : inputs.getAsJsonArray("texts")) {
            texts.add(text.getAsString());
        }
        List<Example<String, Likeness>> pairs = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String other = texts.get((i + 1) % texts.size());
            pairs.add(Example.of(texts.get(i), new Likeness.Scored(other, i % 2)));
        }
        try (var tuned = FineTuning.of(Path.of(arguments[0]), Task.TEXT_EMBEDDING)
                .strategy(Strategy.fullFineTuning())
                .epochs(3)
                .batchSize(4)
                .learningRate(1e-3)
                .fit(Dataset.of(pairs))) {
            tuned.save(Path.of(arguments[1]));
            List<float[]> vectors =
                    tuned.predict(texts).stream().map(Embedding::vector).toList();
            Files.writeString(Path.of(arguments[3]), new Gson().toJson(vectors));
        }
    }
}
