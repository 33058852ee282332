package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;

/**
 * A token that is found in a text before all others.
 *
 * @param normalized whether it is looked for in the normalized text
 */
record AddedToken(
        String content, boolean singleWord, boolean lstrip, boolean rstrip, boolean normalized, boolean special) {

    static AddedToken special(String content, boolean lstrip) {
        return new AddedToken(content, false, lstrip, false, false, true);
    }

    /** Reads a token as {@code tokenizer_config.json} and {@code special_tokens_map.json} write it. */
    static AddedToken read(JsonElement value, String source) {
        if (value instanceof JsonPrimitive p && p.isString() && !p.getAsString().isEmpty()) {
            return special(p.getAsString(), false);
        }
        if (value instanceof JsonObject o
                && o.get("content") instanceof JsonPrimitive p
                && p.isString()
                && !p.getAsString().isEmpty()) {
            boolean special = flag(o, "special", true);
            return new AddedToken(
                    p.getAsString(),
                    flag(o, "single_word", false),
                    flag(o, "lstrip", false),
                    flag(o, "rstrip", false),
                    flag(o, "normalized", !special),
                    special);
        }
        throw new TailorException(
                source + ": a token must be a text or an object with a text \"content\", found " + value);
    }

    private static boolean flag(JsonObject object, String key, boolean absent) {
        return (object.get(key) instanceof JsonPrimitive p && p.isBoolean()) ? p.getAsBoolean() : absent;
    }

    AddedToken asSpecial() {
        return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
    }

    AddedToken inRawText() {
        return new AddedToken(content, singleWord, lstrip, rstrip, false, special);
    }

    JsonObject toJson(int id) {
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("content", content);
        json.addProperty("single_word", singleWord);
        json.addProperty("lstrip", lstrip);
        json.addProperty("rstrip", rstrip);
        json.addProperty("normalized", normalized);
        json.addProperty("special", special);
        return json;
    }
}
