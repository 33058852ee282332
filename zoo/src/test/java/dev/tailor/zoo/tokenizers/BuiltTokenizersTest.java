package dev.tailor.zoo.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.zoo.preprocess.TextTokenizer;
import dev.tailor.zoo.preprocess.Tokens;
import dev.tailor.zoo.testing.Assets;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers that are built from older files give the ids of the reference's slow tokenizers. */
class BuiltTokenizersTest {
    private static final int LONG = 100_000;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "albert-spiece",
                "bert-cased-vocab-txt",
                "bert-vocab-txt",
                "gpt2-merges",
                "llama-spiece",
                "roberta-merges",
                "t5-spiece",
                "xlm-roberta-spiece"
            })
    void ids_are_those_of_the_reference_for_plain_text_and_for_random_unicode(String name) {
        Path folder = ModelCopy.recorded("text/tokenizer-" + name);
        assertThat(check(folder, "cases.json")).isEqualTo(12);
        assertThat(check(folder, "fuzz.json")).isEqualTo(120);
    }

    private static int check(Path folder, String file) {
        int checked = 0;
        try (TextTokenizer tokenizer = open(folder, LONG)) {
            for (JsonElement element : json(folder.resolve(file)).getAsJsonArray()) {
                JsonObject recorded = element.getAsJsonObject();
                if (recorded.has("call") && recorded.get("call").getAsString().startsWith("decode")) {
                    continue;
                }
                JsonElement input = recorded.get("input");
                Tokens tokens = input instanceof JsonArray pair
                        ? tokenizer.encode(
                                pair.get(0).getAsString(), pair.get(1).getAsString())
                        : tokenizer.encode(input.getAsString(), null);
                assertThat(tokens.ids())
                        .as(input.toString())
                        .containsExactly(longs(recorded.get("output").getAsJsonArray()));
                checked++;
            }
        }
        return checked;
    }

    @Test
    void ten_thousand_questions_are_tokenized_as_recorded() throws IOException {
        Path assets = Assets.folder("tokenizers/golden/swift-coreml-transformers");
        Files.copy(assets.resolve("vocab.txt"), temporary.resolve("vocab.txt"));
        Files.writeString(temporary.resolve("config.json"), "{\"model_type\": \"bert\"}");
        JsonArray questions = json(assets.resolve("question_tokens.json")).getAsJsonArray();
        JsonArray expected = json(assets.resolve("tokenized_questions.json")).getAsJsonArray();
        List<String> texts = new ArrayList<>();
        questions.forEach(q -> texts.add(q.getAsJsonObject().get("original").getAsString()));
        assertThat(texts).hasSize(10_570).hasSameSizeAs(expected);
        try (TextTokenizer tokenizer = open(temporary, LONG)) {
            List<Tokens> tokens = tokenizer.encode(texts);
            for (int i = 0; i < texts.size(); i++) {
                long[] ids = tokens.get(i).ids();
                assertThat(Arrays.copyOfRange(ids, 1, ids.length - 1))
                        .as(texts.get(i))
                        .containsExactly(longs(expected.get(i).getAsJsonArray()));
            }
        }
    }

    @Test
    void texts_are_cut_on_the_side_that_the_repository_chooses() {
        ModelCopy copy = ModelCopy.of("text/tokenizer-bert-vocab-txt", temporary);
        String text = "The quick brown fox jumps over the lazy dog near the river.";
        try (TextTokenizer tokenizer = open(copy.folder(), 10)) {
            Tokens tokens = tokenizer.encode(text, null);
            assertThat(tokens.ids()).containsExactly(2, 72, 183, 83, 61, 139, 94, 42, 151, 3);
            assertThat(tokens.truncated()).isTrue();
        }
        copy.write("tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizer\", \"truncation_side\": \"left\"}");
        try (TextTokenizer tokenizer = open(copy.folder(), 10)) {
            assertThat(tokenizer.encode(text, null).ids()).containsExactly(2, 103, 52, 176, 78, 72, 184, 116, 8, 3);
            assertThat(tokenizer.encode("The quick", text).ids())
                    .containsExactly(2, 183, 83, 61, 3, 72, 184, 116, 8, 3);
        }
    }

    @Test
    void added_tokens_keep_the_ids_that_the_repository_gives_them() {
        ModelCopy copy = ModelCopy.of("text/tokenizer-bert-vocab-txt", temporary);
        copy.write("added_tokens.json", "{\"<late>\": 300, \"<early>\": 230}");
        copy.write("special_tokens_map.json", "{\"mask_token\": {\"content\": \"[MASK]\", \"lstrip\": true}}");
        try (TextTokenizer tokenizer = open(copy.folder(), LONG)) {
            assertThat(tokenizer.encode("<early> <late>", null).ids()).containsExactly(2, 230, 300, 3);
            assertThat(tokenizer.encode("the [MASK]", null).ids()).containsExactly(2, 72, 4, 3);
        }
        ModelCopy pieces = ModelCopy.of("text/tokenizer-t5-spiece", temporary.resolve("t5"));
        pieces.replace(
                "tokenizer_config.json",
                "{",
                "{\"added_tokens_decoder\": {\"250\": {\"content\": \"<far>\", \"special\": true}}, ");
        try (TextTokenizer tokenizer = open(pieces.folder(), LONG)) {
            assertThat(tokenizer.encode("<far>", null).ids()).containsExactly(250, 1);
        }
    }

    private static TextTokenizer open(Path folder, int length) {
        return TextTokenizer.open(new Snapshot("file:" + folder.getFileName(), folder, ""), length);
    }

    private static long[] longs(JsonArray values) {
        return values.asList().stream().mapToLong(JsonElement::getAsLong).toArray();
    }

    private static JsonElement json(Path file) {
        try {
            return Json.parse(Files.readAllBytes(file), file.toString(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
