package dev.tailor.zoo.pipelines;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a repository of static embeddings has its table and its tokenizer.
 *
 * @param folder their folder, ending in a slash, or an empty text
 * @param model2vec whether model2vec's rules hold: no unknown tokens, at most 512, its own normalize flag; else those of
 *     sentence-transformers
 * @param normalize model2vec's flag
 */
record StaticFiles(Snapshot snapshot, String folder, boolean model2vec, boolean normalize) {

    /** Recognizes the layouts of model2vec and of sentence-transformers. */
    static Optional<StaticFiles> find(Snapshot snapshot) {
        JsonObject config = object(snapshot, "config.json");
        if (text(config, "model_type").equals("model2vec")) {
            return Optional.of(new StaticFiles(snapshot, "", true, flag(config, "normalize")));
        }
        Optional<Path> modules = snapshot.file("modules.json");
        if (modules.isPresent()) {
            return module(modules.get()).map(path -> new StaticFiles(snapshot, path, false, false));
        }
        // model2vec reads a sentence-transformers folder without modules.json, too.
        JsonObject sentences = object(snapshot, "config_sentence_transformers.json");
        for (String folder : new String[] {"", "0_StaticEmbedding/"}) {
            boolean complete = snapshot.file(folder + "model.safetensors").isPresent()
                    && snapshot.file(folder + "tokenizer.json").isPresent();
            if (complete && config.size() == 0 && sentences.size() > 0) {
                return Optional.of(new StaticFiles(snapshot, folder, true, flag(sentences, "normalize")));
            }
        }
        return Optional.empty();
    }

    Path require(String name) {
        return snapshot.require(folder + name);
    }

    /** The folder of the first module if it is a table of vectors. */
    private static Optional<String> module(Path file) {
        try {
            JsonElement list = Json.parse(Files.readAllBytes(file), file.toString(), false);
            if (list instanceof JsonArray modules
                    && !modules.isEmpty()
                    && modules.get(0) instanceof JsonObject first
                    && text(first, "type").endsWith(".StaticEmbedding")) {
                String path = text(first, "path");
                return Optional.of(path.isEmpty() || path.equals(".") ? "" : path + "/");
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
    }

    private static JsonObject object(Snapshot snapshot, String name) {
        return snapshot.file(name).map(Json::readObject).orElseGet(JsonObject::new);
    }

    private static String text(JsonObject json, String key) {
        return json.get(key) instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    private static boolean flag(JsonObject json, String key) {
        return json.get(key) instanceof JsonPrimitive p && p.isBoolean() && p.getAsBoolean();
    }
}
