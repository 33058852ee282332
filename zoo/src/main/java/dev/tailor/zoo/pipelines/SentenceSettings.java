package dev.tailor.zoo.pipelines;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file {@code config_sentence_transformers.json}; empty where there is none. */
record SentenceSettings(JsonObject json, String source) {
    private static final String FILE = "config_sentence_transformers.json";

    static SentenceSettings read(Snapshot snapshot) {
        return snapshot.file(FILE)
                .map(file -> new SentenceSettings(Json.readObject(file), file.toString()))
                .orElseGet(() -> new SentenceSettings(new JsonObject(), snapshot.id() + "/" + FILE));
    }

    /** A text, or an empty one where there is none. */
    String text(String key) {
        return text(json.get(key));
    }

    private static String text(@Nullable JsonElement value) {
        return value instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    /** Texts that stand before an input, by name. */
    Map<String, String> prompts() {
        Map<String, String> prompts = new LinkedHashMap<>();
        if (json.get("prompts") instanceof JsonObject table) {
            for (Map.Entry<String, JsonElement> entry : table.entrySet()) {
                JsonElement value = entry.getValue();
                if (!value.isJsonNull() && !(value instanceof JsonPrimitive p && p.isString())) {
                    throw new TailorException(
                            source + ": the prompt \"" + entry.getKey() + "\" must be a text, found " + value);
                }
                prompts.put(entry.getKey(), text(value));
            }
        }
        return Collections.unmodifiableMap(prompts);
    }

    /** The prompt that stands before every input unless another is asked for. */
    String defaultPrompt() {
        JsonElement name = json.get("default_prompt_name");
        if (name == null || name.isJsonNull()) {
            return "";
        }
        String prompt = prompts().get(text(name));
        if (prompt == null) {
            throw new TailorException(source + ": there is no prompt named by default_prompt_name, " + name
                    + "; there are " + prompts().keySet());
        }
        return prompt;
    }
}
