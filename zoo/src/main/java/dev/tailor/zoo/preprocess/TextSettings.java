package dev.tailor.zoo.preprocess;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a repository wants its texts tokenized, beyond {@code tokenizer.json}.
 *
 * @param length most tokens of one input
 * @param padId what fills short rows
 * @param padLeft whether it stands before the text
 * @param segments whether the network hears which text of a pair a token belongs to
 * @param lowerCase whether texts are put in lower case before
 */
record TextSettings(int length, long padId, boolean padLeft, boolean segments, boolean lowerCase) {
    /** The bound where neither the tokenizer nor the network has one. */
    private static final long LONGEST = 8192;
    /** Tokenizers say "unlimited" by a number of this size or more. */
    private static final double UNLIMITED = 1e6;
    /** The reference's tokenizers that give segments unless {@code model_input_names} says otherwise. */
    private static final Set<String> WITH_SEGMENTS = Set.of(
            "BertTokenizer",
            "ElectraTokenizer",
            "MobileBertTokenizer",
            "ConvBertTokenizer",
            "LxmertTokenizer",
            "DebertaTokenizer",
            "DebertaV2Tokenizer",
            "FNetTokenizer",
            "CanineTokenizer");

    /** Tokenizers that gave no segments in the versions of the reference where all others did. */
    private static final Set<String> NEVER_WITH_SEGMENTS = Set.of(
            "BartTokenizer",
            "CamembertTokenizer",
            "DistilBertTokenizer",
            "GPT2Tokenizer",
            "LongformerTokenizer",
            "MPNetTokenizer",
            "RobertaTokenizer",
            "T5Tokenizer",
            "XLMRobertaTokenizer");

    /**
     * The same for pairs of a question and a context. The reference's pipeline for them belongs to versions in which
     * tokenizers gave segments unless their class said otherwise.
     */
    static TextSettings readForQuestions(Snapshot snapshot, ModelConfig config, Program program) {
        TextSettings usual = read(snapshot, config, program);
        JsonObject tokenizer = json(snapshot, "tokenizer_config.json");
        JsonElement names = tokenizer.get("model_input_names");
        boolean told = (names != null && names.isJsonArray()) || NEVER_WITH_SEGMENTS.contains(family(tokenizer));
        boolean segments = told ? usual.segments() : config.integer("type_vocab_size", 2) > 1;
        return new TextSettings(usual.length(), usual.padId(), usual.padLeft(), segments, usual.lowerCase());
    }

    static TextSettings read(Snapshot snapshot, ModelConfig config, Program program) {
        if (!program.main().inputNames().contains("input_ids")) {
            throw new TailorException(snapshot.id() + " takes " + program.main().inputNames()
                    + " and cannot read text; load it for another task.");
        }
        JsonObject tokenizer = json(snapshot, "tokenizer_config.json");
        JsonObject sentences = json(snapshot, "sentence_bert_config.json");
        // sentence-transformers puts its own bound in the place of the tokenizer's.
        OptionalLong wanted = length(sentences.get("max_seq_length"));
        if (wanted.isEmpty()) {
            wanted = length(tokenizer.get("model_max_length"));
        }
        Long positions = program.main().limits().get("length");
        long bound = positions == null ? Long.MAX_VALUE : positions;
        long length = wanted.isEmpty() && positions == null ? LONGEST : Math.min(bound, wanted.orElse(bound));
        long pad = config.integer("pad_token_id", 0);
        return new TextSettings(
                (int) Math.min(length, Integer.MAX_VALUE),
                pad < 0 || pad >= config.integer("vocab_size", Long.MAX_VALUE) ? 0 : pad,
                text(tokenizer.get("padding_side")).equals("left"),
                config.integer("type_vocab_size", 2) > 1 && segments(tokenizer),
                sentences.get("do_lower_case") instanceof JsonPrimitive p && p.isBoolean() && p.getAsBoolean());
    }

    /** The same with the tokenizer's own pad token, where the network knows it. */
    TextSettings padding(OptionalLong pad, ModelConfig config) {
        return pad.isPresent() && pad.getAsLong() < config.integer("vocab_size", Long.MAX_VALUE)
                ? new TextSettings(length, pad.getAsLong(), padLeft, segments, lowerCase)
                : this;
    }

    private static boolean segments(JsonObject tokenizer) {
        JsonElement names = tokenizer.get("model_input_names");
        if (names != null && names.isJsonArray()) {
            return names.getAsJsonArray().contains(new JsonPrimitive("token_type_ids"));
        }
        return family(tokenizer).isEmpty() || WITH_SEGMENTS.contains(family(tokenizer));
    }

    private static String family(JsonObject tokenizer) {
        String type = text(tokenizer.get("tokenizer_class"));
        return type.endsWith("Fast") ? type.substring(0, type.length() - "Fast".length()) : type;
    }

    String prepared(String text) {
        return lowerCase ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static JsonObject json(Snapshot snapshot, String file) {
        return snapshot.file(file).map(Json::readObject).orElseGet(JsonObject::new);
    }

    private static String text(@Nullable JsonElement value) {
        return value instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    private static OptionalLong length(@Nullable JsonElement value) {
        if (value instanceof JsonPrimitive p && p.isNumber() && p.getAsDouble() >= 1 && p.getAsDouble() < UNLIMITED) {
            return OptionalLong.of(p.getAsLong());
        }
        return OptionalLong.empty();
    }
}
