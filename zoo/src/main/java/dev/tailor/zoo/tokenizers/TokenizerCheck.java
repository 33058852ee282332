package dev.tailor.zoo.tokenizers;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.json.JsonStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks into a {@code tokenizer.json} for what the native tokenizer takes on trust: it is written in Rust, where a broken
 * promise ends the whole process, and no exception can be caught.
 */
public final class TokenizerCheck {
    private static final int MOST_ADDED = 40_000;
    private static final int LONGEST_ADDED = 2_000;
    /** A longer word is unknown; the native search takes the third power of its length. */
    private static final long LONGEST_WORD = 1_000;

    private final JsonStream json;
    private final StepCheck steps = new StepCheck();
    private final List<String> normalized = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
    private @Nullable JsonElement normalizer;
    private int added;
    private int prefix;

    private TokenizerCheck(JsonStream json) {
        this.json = json;
    }

    /**
     * What a tokenizer that passed needs to be used safely.
     *
     * @param longestText the most characters of a text, so that no pattern gives up
     * @param normalizedTokens added tokens that are normalized; none of them may become empty by that
     * @param normalizer a tokenizer that gives a token for what its normalizer makes of a text, and none if that is empty; null
     *     where there is nothing to try
     */
    public record Limits(
            int longestText,
            List<String> normalizedTokens,
            @Nullable String normalizer) {
        /** Lists are copied. */
        public Limits {
            normalizedTokens = List.copyOf(normalizedTokens);
        }
    }

    /**
     * Checks a whole tokenizer.
     *
     * @throws IOException if it would or might end the process, or is no JSON
     */
    public static Limits check(byte[] tokenizer) throws IOException {
        TokenizerCheck[] first = new TokenizerCheck[1];
        JsonStream.read(new ByteArrayInputStream(tokenizer), json -> {
            first[0] = new TokenizerCheck(json);
            first[0].document();
        });
        TokenizerCheck check = first[0];
        if (check.prefix > 0 && check.keys.contains("merges")) {
            JsonStream.read(new ByteArrayInputStream(tokenizer), json -> merges(json, check.prefix));
        }
        return check.limits();
    }

    private Limits limits() throws IOException {
        if (normalizer == null || normalizer.isJsonNull() || normalized.isEmpty()) {
            return new Limits(steps.longestText(), List.of(), null);
        }
        JsonObject probe = new JsonObject();
        probe.addProperty("version", "1.0");
        probe.add("normalizer", normalizer);
        JsonObject vocabulary = new JsonObject();
        vocabulary.addProperty("?", 0);
        probe.add("model", Steps.step("WordLevel", "vocab", vocabulary, "unk_token", "?"));
        return new Limits(steps.longestText(), normalized, probe.toString());
    }

    private void document() throws IOException {
        json.object(name -> {
            switch (name) {
                case "normalizer" -> {
                    normalizer = json.tree();
                    steps.check(normalizer, StepCheck.Place.NORMALIZER);
                }
                case "pre_tokenizer" -> steps.check(json.tree(), StepCheck.Place.PRE_TOKENIZER);
                case "post_processor" -> steps.check(json.tree(), StepCheck.Place.POST_PROCESSOR);
                case "decoder" -> steps.check(json.tree(), StepCheck.Place.DECODER);
                case "added_tokens" -> {
                    if (!json.nextIsNull()) {
                        json.array(this::addedToken);
                    }
                }
                case "model" -> {
                    if (json.atObject()) {
                        json.object(this::model);
                    } else {
                        json.skip();
                    }
                }
                default -> json.skip();
            }
        });
    }

    private void addedToken() throws IOException {
        if (++added > MOST_ADDED) {
            throw new IOException("it adds more than " + MOST_ADDED + " tokens to its vocabulary");
        }
        if (!(json.tree() instanceof JsonObject token)
                || !(token.get("content") instanceof JsonPrimitive p && p.isString())) {
            throw new IOException("an added token is not an object with a text \"content\"");
        }
        String content = p.getAsString();
        if (content.length() > LONGEST_ADDED) {
            throw new IOException("an added token has " + content.length() + " characters; at most " + LONGEST_ADDED
                    + " are possible");
        }
        if (token.get("normalized") instanceof JsonPrimitive flag
                && flag.isBoolean()
                && flag.getAsBoolean()
                && !content.isEmpty()) {
            normalized.add(content);
        }
    }

    private void model(String name) throws IOException {
        keys.add(name);
        switch (name) {
            case "continuing_subword_prefix" -> {
                if (json.tree() instanceof JsonPrimitive p && p.isString()) {
                    prefix = p.getAsString().getBytes(StandardCharsets.UTF_8).length;
                }
            }
            case "max_input_chars_per_word" -> {
                if (json.tree() instanceof JsonPrimitive p && p.isNumber() && !(p.getAsDouble() <= LONGEST_WORD)) {
                    throw new IOException(
                            "max_input_chars_per_word is " + p + "; at most " + LONGEST_WORD + " are possible");
                }
            }
            default -> json.skip();
        }
    }

    /** The native tokenizer takes the prefix off the second part of every merge, whether it is there or not. */
    private static void merges(JsonStream json, int prefix) throws IOException {
        json.object(top -> {
            if (!top.equals("model") || !json.atObject()) {
                json.skip();
                return;
            }
            json.object(name -> {
                if (name.equals("merges")) {
                    json.array(() -> merge(json.tree(), prefix));
                } else {
                    json.skip();
                }
            });
        });
    }

    private static void merge(JsonElement merge, int prefix) throws IOException {
        String second = "";
        if (merge instanceof JsonPrimitive p && p.isString()) {
            second = p.getAsString().substring(p.getAsString().lastIndexOf(' ') + 1);
        } else if (merge.isJsonArray()
                && merge.getAsJsonArray().size() == 2
                && merge.getAsJsonArray().get(1) instanceof JsonPrimitive p
                && p.isString()) {
            second = p.getAsString();
        }
        byte[] bytes = second.getBytes(StandardCharsets.UTF_8);
        boolean inside = bytes.length > prefix && (bytes[prefix] & 0xC0) == 0x80;
        if (bytes.length < prefix || inside) {
            throw new IOException("the merge " + merge + " does not have continuing_subword_prefix in its second part");
        }
    }
}
