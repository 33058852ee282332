package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the steps before and behind the model of a {@code tokenizer.json}. */
final class StepCheck {
    private static final int MOST_STEPS = 256;
    /** Oniguruma gives up after ten million. */
    private static final double MOST_TRIES = 9e6;

    private static final int LONGEST_TEXT = 1 << 23;

    /** Where a step stands. */
    enum Place {
        NORMALIZER,
        PRE_TOKENIZER,
        POST_PROCESSOR,
        DECODER
    }

    private int count;
    private final TextGrowth growth = new TextGrowth();
    private double triesPerCharacter;

    /** The most characters of a text. */
    int longestText() throws IOException {
        // The tokenizer's own patterns, such as that of ByteLevel, try a text once.
        return (int) Math.min(LONGEST_TEXT, MOST_TRIES / Math.max(1, triesPerCharacter) / growth.most());
    }

    /** Checks a step and the steps in it. */
    void check(JsonElement element, Place place) throws IOException {
        if (element instanceof JsonArray list) {
            for (JsonElement item : list) {
                check(item, place);
            }
        } else if (element instanceof JsonObject step) {
            if (++count > MOST_STEPS) {
                throw new IOException("it has more than " + MOST_STEPS + " steps");
            }
            step(step, text(step.get("type")), place);
            for (String nested : Set.of("normalizers", "pretokenizers", "processors", "decoders")) {
                if (step.has(nested)) {
                    check(step.get(nested), place);
                }
            }
        }
    }

    private void step(JsonObject step, String type, Place place) throws IOException {
        if (step.get("precompiled_charsmap") instanceof JsonPrimitive p && p.isString()) {
            rules(p.getAsString());
        }
        if (step.get("pattern") instanceof JsonObject pattern) {
            pattern(step, pattern, place);
        }
        if (step.has("prepend") && text(step.get("prepend")).isEmpty()) {
            throw new IOException("a step \"" + type + "\" puts an empty text before others");
        }
        if (type.equals("FixedLength") && !(number(step.get("length"), 5) >= 1)) {
            throw new IOException("a step cuts texts into parts of length " + step.get("length"));
        }
        if (place == Place.DECODER && type.equals("Strip") && number(step.get("stop"), 0) > 0) {
            throw new IOException("a decoder strips the ends of tokens, which those that are shorter do not survive");
        }
        if (step.has("single") || step.has("pair")) {
            Set<String> special = step.get("special_tokens") instanceof JsonObject o ? o.keySet() : Set.of();
            template(step.get("single"), Set.of("A"), special);
            template(step.get("pair"), Set.of("A", "B"), special);
        }
    }

    private static void rules(String base64) throws IOException {
        Optional<String> problem;
        try {
            problem = CharsMap.problem(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new IOException("precompiled_charsmap is not Base64", e);
        }
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
    }

    private void pattern(JsonObject step, JsonObject pattern, Place place) throws IOException {
        long least;
        if (pattern.get("Regex") instanceof JsonPrimitive p && p.isString()) {
            PatternCost cost = PatternCheck.of(p.getAsString());
            triesPerCharacter += cost.triesPerCharacter();
            least = cost.least();
        } else {
            least = text(pattern.get("String")).length();
        }
        if (place == Place.NORMALIZER) {
            if (least == 0) {
                throw new IOException("a normalizer replaces " + pattern + ", which is found where there is nothing");
            }
            String by = text(step.get("content"));
            if (pattern.has("String")) {
                growth.replacing(text(pattern.get("String")), by);
            } else {
                growth.replacing(least, by);
            }
        }
    }

    /** Each text once, and no special token that the table lacks. */
    private static void template(@Nullable JsonElement template, Set<String> texts, Set<String> special)
            throws IOException {
        if (!(template instanceof JsonArray parts)) {
            // Spelled as a text, which the native tokenizer reads and checks by itself.
            return;
        }
        Set<String> seen = new HashSet<>();
        for (JsonElement part : parts) {
            JsonObject object = part instanceof JsonObject o ? o : new JsonObject();
            if (object.get("Sequence") instanceof JsonObject sequence) {
                String id = text(sequence.get("id"));
                if (!texts.contains(id) || !seen.add(id)) {
                    throw new IOException("the template " + shortened(template) + " must hold each of the texts "
                            + texts + " once, and no other");
                }
            } else if (object.get("SpecialToken") instanceof JsonObject token
                    && !special.contains(text(token.get("id")))) {
                throw new IOException(
                        "a template names the special token " + token.get("id") + ", which its special_tokens lack");
            }
        }
    }

    private static String shortened(JsonElement element) {
        String text = element.toString();
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }

    private static double number(@Nullable JsonElement value, double absent) {
        return value instanceof JsonPrimitive p && p.isNumber() ? p.getAsDouble() : absent;
    }

    private static String text(@Nullable JsonElement value) {
        return value instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }
}
