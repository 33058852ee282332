package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.task.Embedding;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.testing.Assets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Static embeddings are those of Python's model2vec. */
class StaticEmbeddingsTest {
    private static final String LONG = "hello ".repeat(1000).strip();

    @TempDir
    Path temporary;

    @Test
    void vectors_are_those_of_python() throws IOException {
        check("test-model-float32", "hello world", "embeddings_short.json");
        check("test-model-float32", LONG, "embeddings_long.json");
        check("test-model-vocab-quantized", LONG, "embeddings_vocab_quantized.json");
        check("test-model-sentence-transformers", "hello world", "embeddings_short.json");
    }

    private static void check(String model, String text, String file) throws IOException {
        Path assets = Assets.folder("model2vec-fixtures");
        JsonArray expected = Json.parse(Files.readAllBytes(assets.resolve(file)), file, true)
                .getAsJsonArray()
                .get(0)
                .getAsJsonArray();
        try (TextEmbedder embedder = Pretrained.from(assets.resolve(model)).load(Task.TEXT_EMBEDDING)) {
            Embedding one = embedder.embed(text);
            assertThat(one.dimension()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat((double) one.vector()[i]).isCloseTo(expected.get(i).getAsDouble(), within(1e-5));
            }
            assertThat(one.truncated()).isEqualTo(text.equals(LONG));
            assertThat(embedder.embed(List.of("other", text)).get(1)).isEqualTo(one);
        }
    }

    @Test
    void halves_and_bytes_come_near_to_floats() {
        Path assets = Assets.folder("model2vec-fixtures");
        try (TextEmbedder floats =
                        Pretrained.from(assets.resolve("test-model-float32")).load(Task.TEXT_EMBEDDING);
                TextEmbedder halves =
                        Pretrained.from(assets.resolve("test-model-float16")).load(Task.TEXT_EMBEDDING);
                TextEmbedder bytes =
                        Pretrained.from(assets.resolve("test-model-int8")).load(Task.TEXT_EMBEDDING)) {
            Embedding one = floats.embed("a quiet river");
            assertThat(one.cosine(halves.embed("a quiet river"))).isGreaterThan(0.99999);
            assertThat(one.cosine(bytes.embed("a quiet river"))).isGreaterThan(0.995);
        }
    }

    @Test
    void texts_without_known_tokens_are_zeros_and_use_after_close_is_told() {
        Path folder = Assets.folder("model2vec-fixtures").resolve("test-model-float32");
        TextEmbedder embedder = Pretrained.from(folder).load(Task.TEXT_EMBEDDING);
        assertThat(embedder.embed(List.of())).isEmpty();
        for (Embedding embedding : embedder.embed(List.of("", " ", "\uD800"))) {
            assertThat(embedding.vector()).containsExactly(0, 0);
        }
        assertThatThrownBy(embedder::model).isInstanceOf(UnsupportedOperationException.class);
        embedder.close();
        embedder.close();
        assertThatThrownBy(() -> embedder.embed("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_folder_of_sentence_transformers_keeps_unknown_tokens_and_runs_its_modules() throws IOException {
        Path source = Assets.folder("model2vec-fixtures").resolve("test-model-sentence-transformers");
        Path module = Files.createDirectories(temporary.resolve("0_StaticEmbedding"));
        Files.copy(source.resolve("model.safetensors"), module.resolve("model.safetensors"));
        Files.copy(source.resolve("tokenizer.json"), module.resolve("tokenizer.json"));
        String modules = """
                [{"idx": 0, "name": "0", "path": "0_StaticEmbedding", "type": "sentence_transformers.models.StaticEmbedding"},
                 {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"}]""";
        Files.writeString(temporary.resolve("modules.json"), modules);
        try (TextEmbedder nested = Pretrained.from(temporary).load(Task.TEXT_EMBEDDING);
                TextEmbedder flat = Pretrained.from(source).load(Task.TEXT_EMBEDDING)) {
            assertThat(nested.embed("hello world").vector())
                    .containsExactly(flat.embed("hello world").vector(), within(1e-6f));
            assertThat(nested.embed(LONG).truncated()).isFalse();
            assertThat(nested.embed("\uD83D\uDE42").vector()).isNotEqualTo(new float[2]);
        }
        Files.copy(
                Assets.folder("model2vec-fixtures").resolve("test-model-vocab-quantized/tokenizer.json"),
                module.resolve("tokenizer.json"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(
                module.resolve("tokenizer.json"),
                Files.readString(module.resolve("tokenizer.json")).replaceFirst("\"id\":1,", "\"id\":70000,"));
        assertThatThrownBy(() -> Pretrained.from(temporary).load(Task.TEXT_EMBEDDING))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("tokens up to the id 70000");
    }
}
