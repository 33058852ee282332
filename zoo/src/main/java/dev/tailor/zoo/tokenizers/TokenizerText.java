package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the files of older tokenizers, within bounds. */
final class TokenizerText {
    /** The largest published vocabularies take 20 MB. */
    private static final long LARGEST = 256L << 20;
    /** The largest published vocabularies have a million entries. */
    private static final int MOST_TOKENS = 1 << 24;

    private TokenizerText() {}

    static byte[] bytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new TailorException(
                        file + " has " + size + " bytes; a tokenizer's file must not have more than " + LARGEST);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
    }

    /** The lines of a text, without their ends; a line end closes the last line and opens none. */
    static List<String> lines(Path file) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TailorException(file + " is not valid UTF-8", e);
        }
        List<String> lines = new ArrayList<>();
        int start = 0;
        // Not String.lines(): a vocabulary may hold a lone carriage return inside a line only where Python also splits
        // there.
        for (int end; start < text.length(); start = end) {
            int at = start;
            while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                at++;
            }
            lines.add(text.substring(start, at));
            boolean two = at + 1 < text.length() && text.charAt(at) == '\r' && text.charAt(at + 1) == '\n';
            end = at + (two ? 2 : 1);
        }
        return lines;
    }

    /** {@code vocab.txt}: a token in each line, its id the line's number from 0; of equal lines the last counts. */
    static Map<String, Integer> lineNumbers(Path file) {
        List<String> lines = lines(file);
        Map<String, Integer> vocabulary = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            vocabulary.put(lines.get(i), i);
        }
        if (vocabulary.isEmpty()) {
            throw new TailorException(file + " is empty; expected a token in each line");
        }
        return vocabulary;
    }

    /** {@code vocab.json} or {@code added_tokens.json}: tokens to ids. */
    static Map<String, Integer> ids(Path file) {
        JsonObject json = Json.parseObject(bytes(file), file.toString(), false);
        Map<String, Integer> vocabulary = new HashMap<>();
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            boolean number = entry.getValue() instanceof JsonPrimitive p && p.isNumber();
            double id = number ? entry.getValue().getAsDouble() : -1;
            if (id < 0 || id >= MOST_TOKENS || id != Math.rint(id)) {
                throw new TailorException(file + ": the id of \"" + entry.getKey()
                        + "\" must be a whole number from 0 and below " + MOST_TOKENS + ", found " + entry.getValue());
            }
            vocabulary.put(entry.getKey(), (int) id);
        }
        return vocabulary;
    }
}
