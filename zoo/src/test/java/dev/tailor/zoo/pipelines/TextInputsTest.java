package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.task.Embedding;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.testing.ModelCopy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts as programs get them: empty, huge, broken, by the hundred. */
class TextInputsTest {
    private static final double NEAR = 1e-5;
    private static final String WORDS = "The quick brown fox jumps over the lazy dog near the river bank in Berlin "
            + "and a small company in Paris sells hand made shoes to its customers";

    private static TextClassifier classifier;

    @TempDir
    Path temporary;

    @BeforeAll
    static void load() {
        classifier = open(ModelCopy.recorded("text/text-classification"));
    }

    @AfterAll
    static void close() {
        classifier.close();
    }

    private static TextClassifier open(Path folder) {
        return Pretrained.from(folder).threads(1).load(Task.TEXT_CLASSIFICATION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\t",
                "\0",
                "a\0b",
                "\uD800",
                "x\uDC00y",
                "🙂",
                "👩‍👩‍👧 ok",
                "\uFEFFbom",
                "日本語",
                "\u0301"
            })
    void odd_texts_get_probabilities(String text) {
        Classification answer = classifier.classify(text);
        assertThat(answer.truncated()).isFalse();
        assertThat(answer.score("POSITIVE") + answer.score("NEGATIVE")).isCloseTo(1, within(1e-6));
        assertThat(answer.best().score()).isBetween(0.5, 1.0);
    }

    @Test
    void half_a_character_reads_as_the_replacement_character() {
        assertThat(classifier.classify("the \uD83D fox")).isEqualTo(classifier.classify("the \uFFFD fox"));
        assertThat(classifier.classify("the \uDE42 fox")).isEqualTo(classifier.classify("the \uFFFD fox"));
    }

    @Test
    void a_text_of_a_megabyte_is_cut_and_says_so() {
        String sentence = "My card was declined twice yesterday - please help me. ";
        Classification answer = classifier.classify(sentence.repeat((1 << 20) / sentence.length()));
        assertThat(answer.truncated()).isTrue();
        assertThat(answer.score("POSITIVE"))
                .isCloseTo(classifier.classify(sentence.repeat(6)).score("POSITIVE"), within(NEAR));
    }

    @Test
    void the_longer_text_of_a_pair_is_cut() {
        Classification cut = classifier.classify("Why is the sky blue?", "fox ".repeat(500));
        assertThat(cut.truncated()).isTrue();
        Classification other = classifier.classify("Who?", "fox ".repeat(500));
        assertThat(cut.score("POSITIVE")).isNotCloseTo(other.score("POSITIVE"), within(NEAR));
        assertThat(classifier.classify("Who?", "").truncated()).isFalse();
    }

    @Test
    void a_token_that_the_network_has_no_embedding_for_is_named() {
        ModelCopy copy = ModelCopy.of("text/text-classification", temporary);
        copy.edit(
                "tokenizer.json",
                json -> json.replaceFirst(
                        "\"added_tokens\": *\\[",
                        "\"added_tokens\": [{\"id\": 99999, \"content\": \"<new>\", \"single_word\": false,"
                                + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": false},"));
        try (TextClassifier extended = open(temporary)) {
            assertThatThrownBy(() -> extended.classify("a <new> fox"))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContainingAll("<new>", "embeddings for the ids 0 to");
            assertThat(extended.classify("a fox")).isEqualTo(classifier.classify("a fox"));
        }
    }

    @Test
    void an_empty_list_gives_an_empty_list() {
        assertThat(classifier.classify(List.of())).isEmpty();
    }

    @Test
    void a_long_list_of_mixed_lengths_is_answered_in_order_as_one_by_one() {
        List<String> texts = mixed(300);
        List<Classification> answers = classifier.classify(texts);
        assertThat(answers).hasSize(300);
        for (int i = 0; i < 300; i++) {
            Classification single = classifier.classify(texts.get(i));
            assertThat(answers.get(i).score("POSITIVE")).isCloseTo(single.score("POSITIVE"), within(NEAR));
            assertThat(answers.get(i).truncated()).isEqualTo(single.truncated());
        }
        assertThat(answers).extracting(Classification::truncated).contains(true, false);
    }

    @Test
    void embeddings_do_not_see_the_padding() {
        List<String> texts = List.of("The quick brown fox", "", WORDS);
        try (TextEmbedder embedder = embedder(ModelCopy.recorded("text/sentence-mean-max"))) {
            List<Embedding> answers = embedder.embed(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(answers.get(i).vector())
                        .containsExactly(embedder.embed(texts.get(i)).vector(), within((float) NEAR));
            }
        }
    }

    @Test
    void embeddings_pool_the_text_where_the_padding_stands_before_it() {
        ModelCopy copy = ModelCopy.of("text/sentence-cls", temporary.resolve("model"))
                .replace("tokenizer_config.json", "\"padding_side\": \"right\"", "\"padding_side\": \"left\"");
        try (TextEmbedder embedder = embedder(copy.folder())) {
            List<Embedding> answers = embedder.embed(List.of("The quick brown fox", WORDS));
            assertThat(answers.get(1).vector())
                    .containsExactly(embedder.embed(WORDS).vector(), within((float) NEAR));
            // BERT counts positions from the left end of the row: near to the text alone, and not the padding's state.
            assertThat(answers.get(0).cosine(embedder.embed("The quick brown fox")))
                    .isGreaterThan(0.5);
        }
    }

    @Test
    void a_bound_of_sentence_transformers_takes_the_place_of_the_tokenizers() {
        ModelCopy copy = ModelCopy.of("text/sentence-cls-old", temporary.resolve("model"))
                .replace("tokenizer_config.json", "\"model_max_length\": 48", "\"model_max_length\": 8");
        try (TextEmbedder same = embedder(copy.folder());
                TextEmbedder recorded = embedder(ModelCopy.recorded("text/sentence-cls-old"))) {
            assertThat(same.embed(WORDS)).isEqualTo(recorded.embed(WORDS));
        }
    }

    @Test
    void texts_are_put_in_lower_case_where_the_repository_says_so() {
        ModelCopy cased = ModelCopy.of("text/sentence-cls-old", temporary.resolve("cased"))
                .replace("tokenizer.json", "\"lowercase\": true", "\"lowercase\": false");
        ModelCopy lower = ModelCopy.of("text/sentence-cls-old", temporary.resolve("lower"))
                .replace("tokenizer.json", "\"lowercase\": true", "\"lowercase\": false")
                .replace("sentence_bert_config.json", "\"do_lower_case\": false", "\"do_lower_case\": true");
        try (TextEmbedder first = embedder(cased.folder());
                TextEmbedder second = embedder(lower.folder())) {
            assertThat(second.embed("THE FOX")).isEqualTo(first.embed("the fox"));
            assertThat(first.embed("THE FOX")).isNotEqualTo(first.embed("the fox"));
        }
    }

    private static TextEmbedder embedder(Path folder) {
        return Pretrained.from(folder).threads(1).load(Task.TEXT_EMBEDDING);
    }

    @Test
    void padding_and_truncation_stored_in_the_tokenizer_do_not_count() {
        ModelCopy copy = ModelCopy.of("text/text-classification", temporary.resolve("model"))
                .replace(
                        "tokenizer.json",
                        "\"padding\": null",
                        "\"padding\": {\"strategy\": {\"Fixed\": 40}, \"direction\": \"Right\", \"pad_to_multiple_of\": null,"
                                + " \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\": \"[PAD]\"}")
                .replace(
                        "tokenizer.json",
                        "\"truncation\": null",
                        "\"truncation\": {\"direction\": \"Right\", \"max_length\": 4, \"strategy\": \"LongestFirst\", \"stride\": 0}");
        try (TextClassifier same = open(copy.folder())) {
            assertThat(same.classify("The quick brown fox")).isEqualTo(classifier.classify("The quick brown fox"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"model_max_length\": 1e30",
                "\"model_max_length\": 512",
                "\"model_max_length\": null",
                "\"x\": 1"
            })
    void without_a_bound_of_the_tokenizer_the_positions_of_the_network_bound_the_text(String setting) {
        ModelCopy copy = ModelCopy.of("text/text-classification", temporary.resolve("model"))
                .replace("tokenizer_config.json", "\"model_max_length\": 48", setting);
        String text = (WORDS + " ").repeat(3);
        try (TextClassifier same = open(copy.folder())) {
            assertThat(same.classify(text)).isEqualTo(classifier.classify(text));
        }
    }

    @Test
    void the_tokenizers_own_bound_cuts_earlier() {
        ModelCopy copy = ModelCopy.of("text/text-classification", temporary.resolve("model"))
                .replace("tokenizer_config.json", "\"model_max_length\": 48", "\"model_max_length\": 5");
        try (TextClassifier shorter = open(copy.folder())) {
            assertThat(shorter.classify(WORDS).truncated()).isTrue();
            assertThat(shorter.classify("a").truncated()).isFalse();
        }
    }

    private static List<String> mixed(int count) {
        Random random = new Random(5);
        List<String> words = List.of(WORDS.split(" "));
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(25); n > 0; n--) {
                text.append(words.get(random.nextInt(words.size()))).append(' ');
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
