package dev.tailor.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.tailor.TailorException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON that came from outside: UTF-8 checked, duplicate keys and lone surrogates refused, depth bounded.
 *
 * <p>Gson alone keeps the last of two equal keys, which lets a file show one thing to one reader and another to the next.
 */
public final class Json {
    private Json() {}

    /** Parses a file that must hold one JSON object; numbers such as {@code NaN} or {@code Infinity}, which Python writes, pass. */
    public static JsonObject readObject(Path file) {
        try {
            return parseObject(Files.readAllBytes(file), file.toString(), false);
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
    }

    /** Parses the text of one JSON object; {@code source} names it in messages. */
    public static JsonObject parseObject(byte[] utf8, String source, boolean strict) {
        JsonElement parsed = parse(utf8, source, strict);
        if (!parsed.isJsonObject()) {
            throw new TailorException(source + " must hold a JSON object, found " + kind(parsed));
        }
        return parsed.getAsJsonObject();
    }

    /** Parses any JSON text; {@code strict} refuses everything that RFC 8259 does not know. */
    public static JsonElement parse(byte[] utf8, String source, boolean strict) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TailorException(source + " is not valid UTF-8", e);
        }
        if (text.startsWith("\uFEFF")) {
            throw new TailorException(source + " begins with a byte-order mark; JSON must not have one");
        }
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            // LENIENT is what lets NaN pass; comments and unquoted keys pass with it, which does no harm in a config.
            reader.setStrictness(strict ? Strictness.STRICT : Strictness.LENIENT);
            JsonElement root = read(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("text after the end of the document");
            }
            return root;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new TailorException(source + " is not valid JSON: " + e.getMessage(), e);
        }
    }

    /** Names the kind of an element for messages. */
    public static String kind(JsonElement element) {
        if (element.isJsonObject()) {
            return "an object";
        }
        if (element.isJsonArray()) {
            return "an array";
        }
        return element.isJsonNull() ? "null" : element.toString();
    }

    static JsonElement read(JsonReader reader) throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                JsonObject object = new JsonObject();
                reader.beginObject();
                while (reader.hasNext()) {
                    String name = text(reader.nextName());
                    if (object.has(name)) {
                        throw new MalformedJsonException(
                                "the key \"" + name + "\" appears twice at " + reader.getPath());
                    }
                    object.add(name, read(reader));
                }
                reader.endObject();
                return object;
            }
            case BEGIN_ARRAY -> {
                JsonArray array = new JsonArray();
                reader.beginArray();
                while (reader.hasNext()) {
                    array.add(read(reader));
                }
                reader.endArray();
                return array;
            }
            case STRING -> {
                return new JsonPrimitive(text(reader.nextString()));
            }
            case NUMBER -> {
                return new JsonPrimitive(number(reader.nextString()));
            }
            case BOOLEAN -> {
                return new JsonPrimitive(reader.nextBoolean());
            }
            case NULL -> {
                reader.nextNull();
                return JsonNull.INSTANCE;
            }
            default -> throw new MalformedJsonException("unexpected " + reader.peek() + " at " + reader.getPath());
        }
    }

    /** Whole numbers that fit become {@link Long}; every other spelling ({@code 1.0}, {@code 1e30}) becomes {@link Double}. */
    private static Number number(String spelling) {
        try {
            return Long.valueOf(spelling);
        } catch (NumberFormatException e) {
            return Double.valueOf(spelling);
        }
    }

    /** Refuses lone surrogates, which a Java string can hold and UTF-8 cannot. */
    static String text(String value) throws MalformedJsonException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new MalformedJsonException("lone surrogate in a string");
            }
        }
        return value;
    }
}
