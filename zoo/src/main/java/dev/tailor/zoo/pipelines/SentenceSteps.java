package dev.tailor.zoo.pipelines;

import com.google.gson.JsonElement;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.task.Similarity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a sentence-transformers repository does around the network; the bare mean of the token states where a repository says
 * nothing.
 *
 * @param prompts texts that stand before an input, by name
 * @param prompt the one that stands before every text unless another is asked for
 * @param similarity how its vectors are compared
 * @param pooling token states to a vector
 * @param modules what follows, in order
 */
record SentenceSteps(
        Map<String, String> prompts,
        String prompt,
        Similarity similarity,
        Pooling pooling,
        List<SentenceModule> modules) {

    /** No prompts and no modules, for models that are no sentence-transformers repository. */
    static SentenceSteps none() {
        return new SentenceSteps(Map.of("query", "", "document", ""), "", Similarity.COSINE, Pooling.mean(), List.of());
    }

    /**
     * The text of a prompt.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    String prompt(String name) {
        String prompt = prompts.get(name);
        if (prompt == null) {
            throw new IllegalArgumentException("there is no prompt \"" + name + "\"; there are " + prompts.keySet());
        }
        return prompt;
    }

    static SentenceSteps read(Snapshot snapshot) {
        Pooling pooling = Pooling.mean();
        List<SentenceModule> modules = new ArrayList<>();
        Optional<Path> list = snapshot.file("modules.json");
        if (list.isPresent()) {
            for (JsonElement element : array(list.get())) {
                String type = text(element, "type", list.get());
                String name = type.substring(type.lastIndexOf('.') + 1);
                String folder = text(element, "path", list.get());
                switch (name) {
                    case "Transformer", "StaticEmbedding" -> {}
                    case "Pooling" -> pooling = Pooling.read(snapshot.require(folder + "/config.json"));
                    default -> modules.add(SentenceModule.read(snapshot, name, folder));
                }
            }
        }
        SentenceSettings settings = SentenceSettings.read(snapshot);
        return new SentenceSteps(
                prompts(settings), settings.defaultPrompt(), similarity(settings), pooling, List.copyOf(modules));
    }

    /** Every model knows queries and documents, if only with nothing before them. */
    private static Map<String, String> prompts(SentenceSettings settings) {
        Map<String, String> prompts = new LinkedHashMap<>(settings.prompts());
        prompts.putIfAbsent("query", "");
        prompts.putIfAbsent("document", "");
        return Collections.unmodifiableMap(prompts);
    }

    private static Similarity similarity(SentenceSettings settings) {
        String name = settings.text("similarity_fn_name");
        return switch (name) {
            case "", "cosine" -> Similarity.COSINE;
            case "dot", "dot_product" -> Similarity.DOT;
            case "euclidean" -> Similarity.EUCLIDEAN;
            case "manhattan" -> Similarity.MANHATTAN;
            default ->
                throw new TailorException(settings.source() + ": the similarity \"" + name
                        + "\" is not supported; supported are cosine, dot, euclidean and manhattan");
        };
    }

    private static Iterable<JsonElement> array(Path file) {
        try {
            JsonElement parsed = Json.parse(Files.readAllBytes(file), file.toString(), false);
            if (parsed.isJsonArray()) {
                return parsed.getAsJsonArray();
            }
            throw new TailorException(file + " must hold a JSON array, found " + Json.kind(parsed));
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
    }

    private static String text(JsonElement entry, String key, Path file) {
        JsonElement value = entry.isJsonObject() ? entry.getAsJsonObject().get(key) : null;
        if (value == null || !value.isJsonPrimitive()) {
            throw new TailorException(file + ": expected an object with a text \"" + key + "\", found " + entry);
        }
        return value.getAsString();
    }
}
