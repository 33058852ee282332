package dev.tailor.zoo.preprocess;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.zoo.tokenizers.TokenizerFiles;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a {@code tokenizer.json} with their ids, and what the file says about them. Immutable.
 *
 * @param type the model's type, such as {@code WordPiece}
 * @param unknown the token for what is not there, or an empty text
 * @param prefixed whether tokens that continue a word are marked
 * @param ids by token, added ones included
 * @param decoder writes tokens as text
 */
public record Vocabulary(
        String type, String unknown, boolean prefixed, Map<String, Integer> ids, TokenDecoder decoder) {

    /**
     * Reads the repository's tokenizer.
     *
     * @throws TailorException if it is missing or damaged
     */
    public static Vocabulary read(Snapshot snapshot) {
        String source = "the tokenizer of " + snapshot.id();
        return of(Json.parseObject(TokenizerFiles.json(snapshot), source, false), source);
    }

    /**
     * Reads the content of a {@code tokenizer.json}.
     *
     * @param source names it in messages
     * @throws TailorException if it is damaged
     */
    public static Vocabulary of(JsonObject json, String source) {
        if (!(json.get("model") instanceof JsonObject model)) {
            throw new TailorException(source + ": expected an object \"model\", found " + json.get("model"));
        }
        Map<String, Integer> ids = new HashMap<>();
        String unknown = text(model.get("unk_token"));
        if (model.get("vocab") instanceof JsonObject table) {
            table.entrySet().forEach(e -> ids.put(e.getKey(), id(e.getValue(), e.getKey(), source)));
        } else if (model.get("vocab") instanceof JsonArray list) {
            for (JsonElement piece : list) {
                boolean pair = piece instanceof JsonArray a && a.size() == 2;
                ids.put(pair ? text(piece.getAsJsonArray().get(0)) : "", ids.size());
            }
            if (model.get("unk_id") instanceof JsonPrimitive p && p.isNumber() && within(p, list)) {
                unknown = text(list.get(p.getAsInt()) instanceof JsonArray a && !a.isEmpty() ? a.get(0) : null);
            }
        }
        if (json.get("added_tokens") instanceof JsonArray added) {
            for (JsonElement element : added) {
                if (element instanceof JsonObject token) {
                    String content = text(token.get("content"));
                    ids.put(content, id(token.get("id"), content, source));
                }
            }
        }
        return new Vocabulary(
                type(model),
                unknown,
                !text(model.get("continuing_subword_prefix")).isEmpty(),
                ids,
                TokenDecoder.read(json.get("decoder"), source));
    }

    /** Files of older versions do not name their model. */
    private static String type(JsonObject model) {
        String type = text(model.get("type"));
        if (!type.isEmpty()) {
            return type;
        }
        return model.has("merges") ? "BPE" : model.has("continuing_subword_prefix") ? "WordPiece" : "";
    }

    private static boolean within(JsonPrimitive index, JsonArray list) {
        return index.getAsDouble() >= 0 && index.getAsDouble() < list.size();
    }

    private static Integer id(@Nullable JsonElement value, String token, String source) {
        if (value instanceof JsonPrimitive p
                && p.isNumber()
                && p.getAsDouble() >= 0
                && p.getAsDouble() <= Integer.MAX_VALUE) {
            return p.getAsInt();
        }
        throw new TailorException(
                source + ": the token \"" + token + "\" needs a whole number as its id, found " + value);
    }

    private static String text(@Nullable JsonElement value) {
        return value instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    /** The id of a token, exactly as the vocabulary spells it. */
    public OptionalInt id(@Nullable String token) {
        Integer id = token == null ? null : ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }
}
