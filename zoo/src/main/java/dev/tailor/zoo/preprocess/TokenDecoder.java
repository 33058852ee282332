package dev.tailor.zoo.preprocess;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Writes tokens as text, as the {@code decoder} of a {@code tokenizer.json} says. Immutable.
 *
 * <p>The native tokenizer decodes ids only; words that are put together from parts of the text itself have none.
 */
public final class TokenDecoder {
    private final List<DecoderStep> steps;

    private TokenDecoder(List<DecoderStep> steps) {
        this.steps = List.copyOf(steps);
    }

    /** Tokens with spaces between them where {@code json} is null. */
    static TokenDecoder read(@Nullable JsonElement json, String source) {
        List<DecoderStep> steps = new ArrayList<>();
        if (json == null || json.isJsonNull()) {
            steps.add(tokens -> List.of(String.join(" ", tokens)));
        } else {
            add(steps, json, source);
        }
        return new TokenDecoder(steps);
    }

    private static void add(List<DecoderStep> steps, JsonElement json, String source) {
        JsonObject decoder = json.isJsonObject() ? json.getAsJsonObject() : new JsonObject();
        String type = text(decoder, "type", "");
        switch (type) {
            case "Sequence" -> {
                if (decoder.get("decoders") instanceof JsonArray list) {
                    list.forEach(d -> add(steps, d, source));
                }
            }
            case "WordPiece" ->
                steps.add(DecoderStep.wordPiece(text(decoder, "prefix", "##"), flag(decoder, "cleanup", true)));
            case "ByteLevel" -> steps.add(DecoderStep.BYTE_LEVEL);
            case "Metaspace" ->
                steps.add(DecoderStep.metaspace(
                        text(decoder, "replacement", "\u2581"),
                        !text(decoder, "prepend_scheme", flag(decoder, "add_prefix_space", true) ? "always" : "never")
                                .equals("never")));
            case "BPEDecoder" -> steps.add(DecoderStep.suffix(text(decoder, "suffix", "</w>")));
            case "ByteFallback" -> steps.add(DecoderStep.BYTE_FALLBACK);
            case "Fuse" -> steps.add(tokens -> List.of(String.join("", tokens)));
            case "Strip" ->
                steps.add(DecoderStep.strip(
                        text(decoder, "content", " "), count(decoder, "start"), count(decoder, "stop")));
            case "Replace" -> steps.add(DecoderStep.replace(pattern(decoder, source), text(decoder, "content", "")));
            default ->
                throw new TailorException(source + ": the decoder \"" + type + "\" is not supported; supported are"
                        + " WordPiece, ByteLevel, Metaspace, BPEDecoder, ByteFallback, Fuse, Strip, Replace and"
                        + " Sequence");
        }
    }

    private static Pattern pattern(JsonObject decoder, String source) {
        JsonElement pattern = decoder.get("pattern");
        JsonObject kinds = pattern instanceof JsonObject object ? object : new JsonObject();
        try {
            return kinds.has("Regex")
                    ? Pattern.compile(text(kinds, "Regex", ""))
                    : Pattern.compile(text(kinds, "String", ""), Pattern.LITERAL);
        } catch (PatternSyntaxException e) {
            throw new TailorException(source + ": the decoder's pattern cannot be read: " + e.getMessage(), e);
        }
    }

    private static String text(JsonObject json, String key, String absent) {
        return json.get(key) instanceof JsonPrimitive p && p.isString() ? p.getAsString() : absent;
    }

    private static boolean flag(JsonObject json, String key, boolean absent) {
        return (json.get(key) instanceof JsonPrimitive p && p.isBoolean()) ? p.getAsBoolean() : absent;
    }

    private static int count(JsonObject json, String key) {
        return json.get(key) instanceof JsonPrimitive p && p.isNumber() ? p.getAsInt() : 0;
    }

    /** The text of tokens in the vocabulary's spelling. */
    public String decode(List<String> tokens) {
        List<String> parts = tokens;
        for (DecoderStep step : steps) {
            parts = step.apply(parts);
        }
        return String.join("", parts);
    }

    /** Takes out the spaces that stand before punctuation and abbreviations, as the reference does with decoded texts. */
    static String tidy(String text) {
        return text.replace(" .", ".")
                .replace(" ?", "?")
                .replace(" !", "!")
                .replace(" ,", ",")
                .replace(" ' ", "'")
                .replace(" n't", "n't")
                .replace(" 'm", "'m")
                .replace(" 's", "'s")
                .replace(" 've", "'ve")
                .replace(" 're", "'re");
    }
}
