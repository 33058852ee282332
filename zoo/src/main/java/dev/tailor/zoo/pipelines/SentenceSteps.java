package dev.tailor.zoo.pipelines;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sentence-transformers repository does around the network; the bare mean of the token states where a repository says
 * nothing.
 *
 * @param prompt stands before every text
 * @param pooling token states to a vector
 * @param modules what follows, in order
 */
record SentenceSteps(String prompt, Pooling pooling, List<SentenceModule> modules) {

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
                    case "Transformer" -> {}
                    case "Pooling" -> pooling = Pooling.read(snapshot.require(folder + "/config.json"));
                    default -> modules.add(SentenceModule.read(snapshot, name, folder));
                }
            }
        }
        String prompt = prompt(snapshot);
        if (!prompt.isEmpty() && !pooling.includePrompt()) {
            throw new TailorException(snapshot.id() + ": a default prompt whose tokens the pooling leaves out is not"
                    + " supported; set include_prompt to true in its config.json if the model was trained so.");
        }
        return new SentenceSteps(prompt, pooling, List.copyOf(modules));
    }

    private static String prompt(Snapshot snapshot) {
        Optional<Path> file = snapshot.file("config_sentence_transformers.json");
        JsonObject settings = file.map(Json::readObject).orElseGet(JsonObject::new);
        JsonElement name = settings.get("default_prompt_name");
        if (file.isEmpty() || name == null || name.isJsonNull()) {
            return "";
        }
        if (name.isJsonPrimitive()
                && settings.get("prompts") instanceof JsonObject prompts
                && prompts.has(name.getAsString())) {
            return text(prompts, name.getAsString(), file.get());
        }
        throw new TailorException(file.get() + ": there is no prompt named by default_prompt_name, " + name);
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
