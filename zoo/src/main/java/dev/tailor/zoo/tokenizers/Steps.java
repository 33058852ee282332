package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.stream.Stream;

/** The building blocks of {@code tokenizer.json}, in its own spelling. */
final class Steps {
    private Steps() {}

    /** An object with a type and further fields, names and values in turn: texts, numbers, flags, JSON or null. */
    static JsonObject step(String type, Object... fields) {
        JsonObject json = new JsonObject();
        json.addProperty("type", type);
        for (int i = 0; i < fields.length; i += 2) {
            json.add((String) fields[i], element(fields[i + 1]));
        }
        return json;
    }

    private static JsonElement element(Object value) {
        if (value instanceof JsonElement json) {
            return json;
        }
        if (value instanceof Boolean flag) {
            return new JsonPrimitive(flag);
        }
        return value instanceof Number number ? new JsonPrimitive(number) : new JsonPrimitive((String) value);
    }

    static JsonObject sequence(String field, List<JsonObject> steps) {
        JsonArray list = new JsonArray();
        steps.forEach(list::add);
        return step("Sequence", field, list);
    }

    static JsonObject replace(String kind, String pattern, String content) {
        return step("Replace", "pattern", pattern(kind, pattern), "content", content);
    }

    /** @param kind {@code String} or {@code Regex} */
    static JsonObject pattern(String kind, String text) {
        JsonObject pattern = new JsonObject();
        pattern.addProperty(kind, text);
        return pattern;
    }

    static JsonObject byteLevel(boolean prefixSpace) {
        return step("ByteLevel", "add_prefix_space", prefixSpace, "trim_offsets", true, "use_regex", true);
    }

    /** {@code scheme}: whether every part of a text gets a leading space ({@code always}), the first or none. */
    static JsonObject metaspace(String scheme, boolean split) {
        return step("Metaspace", "replacement", SentencePieceModel.SPACE, "prepend_scheme", scheme, "split", split);
    }

    /** A place in the order of a result: a text of the input or a special token. */
    record Part(boolean text, String id, int segment) {
        static Part first() {
            return new Part(true, "A", 0);
        }

        static Part second(int segment) {
            return new Part(true, "B", segment);
        }

        static Part special(String token, int segment) {
            return new Part(false, token, segment);
        }
    }

    /** The special tokens around a text and around a pair. */
    static JsonObject template(List<Part> single, List<Part> pair, TokenTable vocabulary) {
        JsonObject tokens = new JsonObject();
        Stream.concat(single.stream(), pair.stream()).filter(p -> !p.text()).forEach(part -> {
            JsonArray ids = new JsonArray();
            ids.add(vocabulary.add(part.id()));
            JsonArray texts = new JsonArray();
            texts.add(part.id());
            JsonObject entry = new JsonObject();
            entry.addProperty("id", part.id());
            entry.add("ids", ids);
            entry.add("tokens", texts);
            tokens.add(part.id(), entry);
        });
        return step("TemplateProcessing", "single", pieces(single), "pair", pieces(pair), "special_tokens", tokens);
    }

    private static JsonArray pieces(List<Part> parts) {
        JsonArray pieces = new JsonArray();
        for (Part part : parts) {
            JsonObject body = new JsonObject();
            body.addProperty("id", part.id());
            body.addProperty("type_id", part.segment());
            JsonObject piece = new JsonObject();
            piece.add(part.text() ? "Sequence" : "SpecialToken", body);
            pieces.add(piece);
        }
        return pieces;
    }
}
