package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Embedding;
import dev.tailor.task.Similarity;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.testing.ModelCopy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps of a sentence-transformers repository: what is done, and what is refused by name. */
class SentenceStepsTest {
    private static final float[] STATES = {1, -2, 3, 4, 5, 1};

    @TempDir
    Path temporary;

    private static TextEmbedder open(Path folder) {
        return Pretrained.from(folder).threads(1).load(Task.TEXT_EMBEDDING);
    }

    @ParameterizedTest
    @CsvSource({
        "cls, 1, -2",
        "max, 5, 4",
        "mean, 3, 1",
        "mean_sqrt_len_tokens, 5.196152, 1.732051",
        "weightedmean, 3.666667, 1.5",
        "lasttoken, 5, 1"
    })
    void pooling_counts_the_tokens_of_one_text_only(String mode, float first, float second) {
        Path file = new ModelCopy(temporary)
                .write("config.json", "{\"pooling_mode\": \"" + mode + "\"}")
                .folder()
                .resolve("config.json");
        assertThat(Pooling.read(file).apply(STATES, 2, 0)).containsExactly(new float[] {first, second}, within(1e-5f));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | [MEAN]",
                "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false} | [CLS]",
                "{\"pooling_mode_max_tokens\": true} | [MAX, MEAN]",
                "{\"pooling_mode\": [\"mean\", \"cls\"]} | [MEAN, CLS]",
            })
    void flags_have_the_references_defaults(String json, String modes) {
        Path file = new ModelCopy(temporary).write("config.json", json).folder().resolve("config.json");
        assertThat(Pooling.read(file).modes()).hasToString(modes);
    }

    @ParameterizedTest
    @CsvSource({
        "mean, -0.042153, -0.165303",
        "cls, -0.141064, 0.08424",
        "weightedmean, -0.006932, -0.178386",
        "lasttoken, 0.253341, -0.117491",
        "max, 0.205968, 0.065128"
    })
    void the_tokens_of_a_prompt_are_left_out_where_the_repository_says_so(String mode, float first, float second) {
        // The numbers are those of sentence-transformers 6.0.1.
        ModelCopy copy = ModelCopy.of("text/sentence-mean-normalized", temporary.resolve("model"))
                .replace("config_sentence_transformers.json", "\"query\": \"\"", "\"query\": \"the fox: \"")
                .replace("1_Pooling/config.json", "\"include_prompt\": true", "\"include_prompt\": false");
        if (!mode.equals("mean")) {
            copy.replace("1_Pooling/config.json", "\"mean\"", "\"" + mode + "\"");
        }
        try (TextEmbedder embedder = open(copy.folder())) {
            float[] vector = embedder.embed("a lazy dog", "query").vector();
            assertThat(new float[] {vector[0], vector[1]}).containsExactly(new float[] {first, second}, within(1e-4f));
            assertThat(embedder.prompts()).containsEntry("query", "the fox: ").containsEntry("document", "");
            assertThatThrownBy(() -> embedder.embed("a", "nothing"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("\"nothing\"", "query");
        }
    }

    @ParameterizedTest
    @CsvSource({"null, COSINE", "'\"dot\"', DOT", "'\"euclidean\"', EUCLIDEAN", "'\"manhattan\"', MANHATTAN"})
    void vectors_are_compared_as_the_repository_says(String name, Similarity expected) {
        ModelCopy copy = ModelCopy.of("text/sentence-cls", temporary.resolve("model"))
                .edit(
                        "config_sentence_transformers.json",
                        t -> t.replaceAll("\"similarity_fn_name\": [^,\\n]*", "\"similarity_fn_name\":  " + name));
        try (TextEmbedder embedder = open(copy.folder())) {
            assertThat(embedder.similarity()).isEqualTo(expected);
            List<Embedding> corpus = embedder.embed(List.of("a bank", "the lazy dog", "a fox"));
            assertThat(expected.nearest(embedder.embed("the lazy dog"), corpus, 2))
                    .hasSize(2);
            assertThat(Similarity.EUCLIDEAN.nearest(corpus.get(1), corpus, 1))
                    .containsExactly(new Similarity.Match(1, -0.0));
        }
    }

    @Test
    void a_default_prompt_stands_before_every_text() {
        ModelCopy copy = ModelCopy.of("text/sentence-cls", temporary.resolve("model"))
                .replace(
                        "config_sentence_transformers.json",
                        "\"default_prompt_name\": null",
                        "\"default_prompt_name\": \"query\"")
                .replace("config_sentence_transformers.json", "\"query\": \"\"", "\"query\": \"the fox: \"");
        try (TextEmbedder prompted = open(copy.folder());
                TextEmbedder plain = open(ModelCopy.recorded("text/sentence-cls"))) {
            assertThat(prompted.embed("dog")).isEqualTo(plain.embed("the fox: dog"));
        }
        copy.replace(
                "config_sentence_transformers.json",
                "\"default_prompt_name\": \"query\"",
                "\"default_prompt_name\": \"x\"");
        assertThatThrownBy(() -> open(copy.folder())).hasMessageContainingAll("default_prompt_name", "\"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "modules.json | modules.normalize.Normalize | modules.lstm.LSTM | \"LSTM\" in modules.json is not supported",
                "modules.json | \"path\": \"2_Dense\" | \"path\": \"../2_Dense\" | no file ../2_Dense/config.json",
                "modules.json | \"path\": \"2_Dense\" | \"folder\": \"2_Dense\" | a text \"path\"",
                "1_Pooling/config.json | \"mean\" | \"median\" | pooling mode \"median\" is not known",
                "2_Dense/config.json | \"in_features\": 32 | \"in_features\": 31 | 31 to 16 features",
                "2_Dense/config.json | \"in_features\": 32 | \"in_features\": 0 | \"in_features\" must be a whole number from 1",
                "2_Dense/config.json | activation.Tanh | activation.Hardtanh | activation Hardtanh is not supported",
            })
    void a_step_that_cannot_be_done_is_refused_by_its_name(String file, String part, String by, String message) {
        ModelCopy copy = ModelCopy.of("text/sentence-mean-dense-normalized", temporary.resolve("model"))
                .replace(file, part, by);
        assertThatThrownBy(() -> open(copy.folder()))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_model_without_steps_gives_the_mean_of_its_states() {
        ModelCopy copy = ModelCopy.of("text/sentence-mean-normalized", temporary.resolve("model"))
                .without("modules.json");
        try (TextEmbedder bare = open(copy.folder());
                TextEmbedder normalized = open(ModelCopy.recorded("text/sentence-mean-normalized"))) {
            assertThat(bare.embed("the fox").cosine(normalized.embed("the fox")))
                    .isCloseTo(1, within(1e-6));
            assertThat(normalized.embed("the fox").dot(normalized.embed("the fox")))
                    .isCloseTo(1, within(1e-5));
            assertThat(bare.embed("the fox").dot(bare.embed("the fox"))).isNotCloseTo(1, within(1e-3));
        }
    }
}
