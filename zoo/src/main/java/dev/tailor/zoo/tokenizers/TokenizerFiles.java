package dev.tailor.zoo.tokenizers;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A repository's tokenizer as the text of a {@code tokenizer.json}: the file itself, else one built from {@code vocab.txt}, from
 * {@code vocab.json} and {@code merges.txt}, or from a sentencepiece model, as transformers' slow tokenizers read them.
 */
public final class TokenizerFiles {
    private static final List<String> SENTENCE_PIECE =
            List.of("spiece.model", "sentencepiece.bpe.model", "tokenizer.model", "spm.model", "sentencepiece.model");

    /** All files that a tokenizer may be read from. */
    public static final List<String> NAMES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.txt",
            "vocab.json",
            "merges.txt",
            "spiece.model",
            "sentencepiece.bpe.model",
            "tokenizer.model",
            "spm.model",
            "sentencepiece.model");

    private final Snapshot snapshot;
    private final JsonObject config;

    private TokenizerFiles(Snapshot snapshot, JsonObject config) {
        this.snapshot = snapshot;
        this.config = config;
    }

    /**
     * The UTF-8 text of the tokenizer.
     *
     * @throws TailorException if there are no files that make one, they are damaged, or their class is not supported
     */
    public static byte[] json(Snapshot snapshot) {
        JsonObject config =
                snapshot.file("tokenizer_config.json").map(Json::readObject).orElseGet(JsonObject::new);
        TokenizerFiles files = new TokenizerFiles(snapshot, config);
        boolean left = text(config.get("truncation_side")).equals("left");
        Optional<Path> ready = snapshot.file("tokenizer.json");
        if (ready.isPresent()) {
            byte[] json = TokenizerText.bytes(ready.get());
            return left ? cutLeft(Json.parseObject(json, ready.get().toString(), false)) : json;
        }
        String modelType = snapshot.file("config.json")
                .map(Json::readObject)
                .map(c -> text(c.get("model_type")))
                .orElse("");
        TokenizerClass type = TokenizerClass.of(files.text("tokenizer_class", ""), modelType, snapshot.id());
        JsonObject built = files.build(type);
        return left ? cutLeft(built) : built.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The native tokenizer takes the side from its file; the length is set when it is opened. */
    private static byte[] cutLeft(JsonObject tokenizer) {
        JsonObject truncation = new JsonObject();
        truncation.addProperty("direction", "Left");
        truncation.addProperty("max_length", 512);
        truncation.addProperty("strategy", "LongestFirst");
        truncation.addProperty("stride", 0);
        tokenizer.add("truncation", truncation);
        return new GsonBuilder()
                .disableHtmlEscaping()
                .serializeNulls()
                .create()
                .toJson(tokenizer)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The token that fills short rows; empty if the repository's files name none. */
    public static Optional<String> padToken(Snapshot snapshot) {
        JsonObject config =
                snapshot.file("tokenizer_config.json").map(Json::readObject).orElseGet(JsonObject::new);
        JsonElement token = config.get("pad_token");
        if (token == null) {
            token = snapshot.file("special_tokens_map.json")
                    .map(Json::readObject)
                    .map(map -> map.get("pad_token"))
                    .orElse(null);
        }
        return token == null || token.isJsonNull()
                ? Optional.empty()
                : Optional.of(
                        AddedToken.read(token, snapshot.id() + ", pad_token").content());
    }

    private JsonObject build(TokenizerClass type) {
        SpecialTokens special = SpecialTokens.read(snapshot, config, type.defaults());
        return switch (type.kind()) {
            case WORD_PIECE -> new WordPieceBuilder(this, type, special).build();
            case BYTE_LEVEL -> new ByteLevelBuilder(this, type, special).build();
            case SENTENCE_PIECE -> new SentencePieceBuilder(this, type, special).build();
        };
    }

    Path require(String name) {
        return snapshot.file(name)
                .orElseThrow(() -> new TailorException(snapshot.id() + " has no file tokenizer.json, and no " + name
                        + " to build its tokenizer from. It holds: " + snapshot.files()));
    }

    Path sentencePiece() {
        return SENTENCE_PIECE.stream()
                .flatMap(n -> snapshot.file(n).stream())
                .findFirst()
                .orElseThrow(() -> new TailorException(
                        snapshot.id() + " has no file tokenizer.json and none of the sentencepiece models "
                                + SENTENCE_PIECE + ". It holds: " + snapshot.files()));
    }

    String model() {
        return snapshot.id();
    }

    /** A flag of {@code tokenizer_config.json}. */
    boolean flag(String key, boolean absent) {
        if (!has(key)) {
            return absent;
        }
        if (config.get(key) instanceof JsonPrimitive p && p.isBoolean()) {
            return p.getAsBoolean();
        }
        throw wrong(key, "true or false");
    }

    boolean has(String key) {
        return config.has(key) && !config.get(key).isJsonNull();
    }

    String text(String key, String absent) {
        if (!has(key)) {
            return absent;
        }
        if (config.get(key) instanceof JsonPrimitive p && p.isString()) {
            return p.getAsString();
        }
        throw wrong(key, "a text");
    }

    int count(String key, int absent, int most) {
        if (!has(key)) {
            return absent;
        }
        double value = config.get(key) instanceof JsonPrimitive p && p.isNumber() ? p.getAsDouble() : -1;
        if (value < 0 || value > most || value != Math.rint(value)) {
            throw wrong(key, "a whole number from 0 to " + most);
        }
        return (int) value;
    }

    private TailorException wrong(String key, String expected) {
        return new TailorException(snapshot.id() + ", tokenizer_config.json: \"" + key + "\" must be " + expected
                + ", found " + config.get(key));
    }

    private static String text(@Nullable JsonElement value) {
        return value instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    /** The whole document; steps that are empty are left out. */
    static JsonObject document(
            JsonArray added,
            JsonObject normalizer,
            JsonObject preTokenizer,
            JsonObject postProcessor,
            JsonObject model) {
        JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        json.add("truncation", JsonNull.INSTANCE);
        json.add("padding", JsonNull.INSTANCE);
        json.add("added_tokens", added);
        json.add("normalizer", present(normalizer));
        json.add("pre_tokenizer", present(preTokenizer));
        json.add("post_processor", present(postProcessor));
        json.add("decoder", JsonNull.INSTANCE);
        json.add("model", model);
        return json;
    }

    private static JsonElement present(JsonObject step) {
        return step.size() == 0 ? JsonNull.INSTANCE : step;
    }
}
