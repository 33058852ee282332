package dev.tailor.zoo.preprocess;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What pipelines need to know about a tokenizer beyond the tokens it gives. The names of special tokens come from {@code
 * tokenizer_config.json} or {@code special_tokens_map.json}; where both say nothing, from what the reference's classes use.
 *
 * @param mask the token to fill, as text; null if there is none
 * @param maskId its id
 * @param unknownId stands for what the vocabulary does not hold
 * @param paddingId fills short rows
 * @param classId begins an input
 * @param prefixed whether the vocabulary marks tokens that continue a word, as {@code ##ing}
 * @param cutsLeft whether long texts lose their beginning
 * @param tidies whether decoded texts lose the spaces before punctuation
 * @param decoder writes tokens as text
 */
public record TokenizerFacts(
        @Nullable String mask,
        OptionalInt maskId,
        OptionalInt unknownId,
        OptionalInt paddingId,
        OptionalInt classId,
        boolean prefixed,
        boolean cutsLeft,
        boolean tidies,
        TokenDecoder decoder) {

    static TokenizerFacts read(Snapshot snapshot) {
        JsonObject config = json(snapshot, "tokenizer_config.json");
        JsonObject map = json(snapshot, "special_tokens_map.json");
        Vocabulary vocabulary = Vocabulary.read(snapshot);
        Special special = new Special(config, map, vocabulary);
        String mask = special.token("mask_token", "[MASK]", "<mask>");
        String unknown = special.token("unk_token", vocabulary.unknown(), "[UNK]", "<unk>");
        boolean forced = flag(config, "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output");
        return new TokenizerFacts(
                mask,
                vocabulary.id(mask),
                vocabulary.id(unknown),
                vocabulary.id(special.token("pad_token", "[PAD]", "<pad>")),
                vocabulary.id(special.token("cls_token", "[CLS]", "<s>")),
                vocabulary.prefixed(),
                text(config.get("truncation_side")).equals("left"),
                flag(config, "clean_up_tokenization_spaces")
                        && (forced || !vocabulary.type().equals("BPE")),
                vocabulary.decoder());
    }

    /** Finds the special token of a kind. */
    private record Special(JsonObject config, JsonObject map, Vocabulary vocabulary) {
        @Nullable
        String token(String key, String... usual) {
            List<String> candidates = new ArrayList<>();
            for (JsonObject file : List.of(config, map)) {
                JsonElement value = file.get(key);
                if (value != null && value.isJsonNull()) {
                    return null;
                }
                candidates.add(text(value instanceof JsonObject added ? added.get("content") : value));
            }
            candidates.addAll(List.of(usual));
            return candidates.stream()
                    .filter(t -> !t.isEmpty() && vocabulary.id(t).isPresent())
                    .findFirst()
                    .orElse(null);
        }
    }

    private static JsonObject json(Snapshot snapshot, String file) {
        return snapshot.file(file).map(Json::readObject).orElseGet(JsonObject::new);
    }

    private static boolean flag(JsonObject config, String key) {
        return config.get(key) instanceof JsonPrimitive p && p.isBoolean() && p.getAsBoolean();
    }

    private static String text(@Nullable JsonElement value) {
        return value instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }
}
