package dev.tailor.json;

import com.google.gson.JsonElement;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Strict JSON read as it comes, for documents too large to be held as a tree: nothing is kept but what the caller keeps.
 *
 * <p>Refuses what {@link Json} refuses: invalid UTF-8, a byte-order mark, duplicate keys, lone surrogates, comments, text
 * after the end, more than 255 levels. All trouble is an {@link IOException}, with the place in the document where known.
 */
public final class JsonStream {
    private static final int LARGEST_DIGITS = 19;
    private static final int LONGEST_QUOTE = 300;

    private final JsonReader reader;

    private JsonStream(JsonReader reader) {
        this.reader = reader;
    }

    /** What to do with the value of a field; it must read or {@link #skip()} exactly one value. */
    @FunctionalInterface
    public interface Field {
        /** Reads the value that belongs to {@code name}. */
        void read(String name) throws IOException;
    }

    /** What to do with the next item of an array; it must read or {@link #skip()} exactly one value. */
    @FunctionalInterface
    public interface Item {
        /** Reads the next item. */
        void read() throws IOException;
    }

    /** What to do with a document. */
    @FunctionalInterface
    public interface Document {
        /** Reads the one value of the document. */
        void read(JsonStream json) throws IOException;
    }

    /** Reads the one value that {@code utf8} must hold, up to its end; closes nothing. */
    public static void read(InputStream utf8, Document document) throws IOException {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var text = new PushbackReader(new InputStreamReader(utf8, decoder));
        int first = text.read();
        if (first == 0xFEFF) {
            // Gson would swallow it.
            throw new MalformedJsonException("a byte-order mark at the beginning");
        }
        if (first >= 0) {
            text.unread(first);
        }
        var reader = new JsonReader(text);
        reader.setStrictness(Strictness.STRICT);
        try {
            document.read(new JsonStream(reader));
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedJsonException("text after the end of the document");
            }
        } catch (MalformedJsonException e) {
            throw new MalformedJsonException(withoutAdvice(String.valueOf(e.getMessage())), e);
        }
    }

    /** Reads an object field by field, in the order of the document. */
    public void object(Field field) throws IOException {
        expect(JsonToken.BEGIN_OBJECT);
        reader.beginObject();
        Set<String> seen = new HashSet<>();
        while (reader.hasNext()) {
            String name = Json.text(reader.nextName());
            if (!seen.add(name)) {
                throw new MalformedJsonException("the key \"" + shorten(name) + "\" appears twice" + place());
            }
            field.read(name);
        }
        reader.endObject();
    }

    /** Reads an array item by item. */
    public void array(Item item) throws IOException {
        expect(JsonToken.BEGIN_ARRAY);
        reader.beginArray();
        while (reader.hasNext()) {
            item.read();
        }
        reader.endArray();
    }

    /** Reads a string. */
    public String string() throws IOException {
        expect(JsonToken.STRING);
        return Json.text(reader.nextString());
    }

    /** Reads a whole number from 0 to {@link Long#MAX_VALUE} written in digits only. */
    public long wholeNumber() throws IOException {
        expect(JsonToken.NUMBER);
        String place = place();
        String spelling = reader.nextString();
        boolean digits = spelling.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || spelling.length() > LARGEST_DIGITS) {
            throw new MalformedJsonException(notWhole(spelling, place));
        }
        try {
            return Long.parseLong(spelling);
        } catch (NumberFormatException e) {
            throw new MalformedJsonException(notWhole(spelling, place), e);
        }
    }

    /** Whether the next value is an object. */
    public boolean atObject() throws IOException {
        return reader.peek() == JsonToken.BEGIN_OBJECT;
    }

    /** Reads {@code null} if it comes next, and says whether it did. */
    public boolean nextIsNull() throws IOException {
        if (reader.peek() != JsonToken.NULL) {
            return false;
        }
        reader.nextNull();
        return true;
    }

    /** Reads one value of any kind as a tree. */
    public JsonElement tree() throws IOException {
        return Json.read(reader);
    }

    /** Passes over one value of any kind, checking it all the same. */
    public void skip() throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> object(name -> skip());
            case BEGIN_ARRAY -> array(this::skip);
            case STRING -> string();
            default -> reader.skipValue();
        }
    }

    private void expect(JsonToken token) throws IOException {
        JsonToken found = reader.peek();
        if (found != token) {
            throw new MalformedJsonException("expected " + name(token) + ", found " + name(found) + place());
        }
    }

    private String place() {
        return " at " + shorten(reader.getPath());
    }

    /** Gson's messages advise to read leniently, and point to its own web page. */
    private static String withoutAdvice(String message) {
        int advice = message.indexOf("\nSee http");
        return shorten((advice < 0 ? message : message.substring(0, advice))
                .replace(
                        "Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON", "malformed JSON"));
    }

    private static String notWhole(String spelling, String place) {
        return "expected a whole number from 0 to 2^63-1, found " + shorten(spelling) + place;
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    }

    private static String name(JsonToken token) {
        return switch (token) {
            case BEGIN_OBJECT -> "an object";
            case BEGIN_ARRAY -> "an array";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case END_DOCUMENT -> "the end of the document";
            default -> token.toString();
        };
    }
}
