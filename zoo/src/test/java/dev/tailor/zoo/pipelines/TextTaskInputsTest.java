package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Aggregation;
import dev.tailor.task.Answer;
import dev.tailor.task.Classification;
import dev.tailor.task.Entity;
import dev.tailor.task.FilledToken;
import dev.tailor.task.MaskFiller;
import dev.tailor.task.Question;
import dev.tailor.task.QuestionAnswerer;
import dev.tailor.task.RankedDocument;
import dev.tailor.task.Reranker;
import dev.tailor.task.ScoreFunction;
import dev.tailor.task.TextPair;
import dev.tailor.task.TokenClassifier;
import dev.tailor.task.ZeroShotClassifier;
import dev.tailor.zoo.testing.ModelCopy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The text tasks with texts as programs get them, and with options that make no sense. */
class TextTaskInputsTest {
    private static final double NEAR = 1e-5;
    private static final String SENTENCE = "John Smith flew from London to Tokyo on Monday. ";

    @TempDir
    Path temporary;

    private static TokenClassifier recognizer() {
        return Pretrained.from(ModelCopy.recorded("text/token-classification"))
                .threads(1)
                .load(Task.TOKEN_CLASSIFICATION)
                .aggregation(Aggregation.FIRST);
    }

    private static QuestionAnswerer answerer() {
        return Pretrained.from(ModelCopy.recorded("text/question-answering"))
                .threads(1)
                .load(Task.QUESTION_ANSWERING);
    }

    private static MaskFiller filler() {
        return Pretrained.from(ModelCopy.recorded("text/fill-mask")).threads(1).load(Task.FILL_MASK);
    }

    private static ZeroShotClassifier chooser() {
        return Pretrained.from(ModelCopy.recorded("text/zero-shot-classification"))
                .threads(1)
                .load(Task.ZERO_SHOT_CLASSIFICATION);
    }

    private static Reranker reranker() {
        return Pretrained.from(ModelCopy.recorded("text/cross-encoder"))
                .threads(1)
                .load(Task.RERANKING);
    }

    @Test
    void an_empty_list_gives_an_empty_list() {
        try (var recognizer = recognizer();
                var answerer = answerer();
                var filler = filler();
                var chooser = chooser();
                var reranker = reranker()) {
            assertThat(recognizer.recognize(List.of())).isEmpty();
            assertThat(answerer.answers(List.of())).isEmpty();
            assertThat(filler.fill(List.of())).isEmpty();
            assertThat(chooser.classify(List.of(), List.of("travel"))).isEmpty();
            assertThat(reranker.predict(List.of())).isEmpty();
            assertThat(reranker.rank("fox", List.of())).isEmpty();
            assertThat(reranker.scores(List.of())).isEmpty();
        }
    }

    @Test
    void odd_texts_get_answers_whose_places_lie_in_them() {
        List<String> odd =
                List.of("", " ", "\n\t", "a\0b", "\uD800", "John\uDC00 Smith", "🙂", "👩‍👩‍👧 John", "日本語", "\u0301");
        try (var recognizer = recognizer();
                var answerer = answerer();
                var filler = filler();
                var chooser = chooser();
                var reranker = reranker()) {
            for (String text : odd) {
                for (Entity entity : recognizer.ignoredLabels(Set.of()).recognize(text)) {
                    assertThat(entity.in(text)).isNotEmpty();
                }
                String context = text + " John";
                Answer answer = answerer.answer(text, context);
                assertThat(context.substring(answer.start(), answer.end())).isEqualTo(answer.text());
                assertThat(filler.fill(text + " [MASK]")).hasSize(1);
                assertThat(chooser.classify(text, List.of(text, "travel")).scores())
                        .hasSize(2);
                assertThat(reranker.rank(text, List.of(text)).get(0).score()).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void places_count_utf_16_units() {
        String text = "🙂🙂 John Smith 🙂 Tokyo";
        try (var recognizer = recognizer()) {
            assertThat(recognizer
                            .aggregation(Aggregation.NONE)
                            .ignoredLabels(Set.of())
                            .recognize(text))
                    .extracting(e -> e.in(text))
                    .startsWith("🙂🙂")
                    .contains("🙂")
                    .doesNotContain(" ");
        }
    }

    @Test
    void a_text_of_a_megabyte_is_read_to_its_end() {
        String text = SENTENCE.repeat((1 << 20) / SENTENCE.length());
        try (var recognizer = recognizer();
                var answerer = answerer();
                var chooser = chooser();
                var reranker = reranker()) {
            List<Entity> entities = recognizer.stride(0).ignoredLabels(Set.of()).recognize(text);
            assertThat(entities.get(entities.size() - 1).end()).isEqualTo(text.lastIndexOf('.') + 1);
            Answer answer = answerer.stride(0).answer("Who flew?", text);
            assertThat(text.substring(answer.start(), answer.end()))
                    .isEqualTo(answer.text())
                    .isNotEmpty();
            Classification cut = chooser.classify(text, List.of("travel", "food"));
            assertThat(cut.truncated()).isTrue();
            assertThat(cut.score("travel"))
                    .isCloseTo(
                            chooser.classify(SENTENCE.repeat(9), List.of("travel", "food"))
                                    .score("travel"),
                            within(NEAR));
            assertThat(reranker.rank("Who flew?", List.of(text, "John")))
                    .extracting(RankedDocument::truncated)
                    .containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void windows_of_a_text_agree_with_the_text_where_nothing_is_near_the_edge() {
        try (var recognizer = recognizer()) {
            List<Entity> whole = recognizer.recognize(SENTENCE);
            List<Entity> parts = recognizer.recognize(SENTENCE.repeat(40));
            assertThat(parts).extracting(Entity::start).isSorted();
            assertThat(parts.size()).isGreaterThan(whole.size());
        }
    }

    @Test
    void a_thousand_texts_of_mixed_length_are_answered_in_order() {
        List<String> texts = IntStream.range(0, 1000)
                .mapToObj(i -> "A dog flew to " + SENTENCE.repeat(i % 7) + " near " + i)
                .toList();
        try (var recognizer = recognizer();
                var chooser = chooser()) {
            List<List<Entity>> entities = recognizer.recognize(texts);
            List<Classification> choices = chooser.classify(texts, List.of("travel", "food"));
            for (int i = 0; i < 1000; i += 83) {
                List<Entity> single = recognizer.recognize(texts.get(i));
                assertThat(entities.get(i))
                        .extracting(Entity::start)
                        .isEqualTo(single.stream().map(Entity::start).toList());
                assertThat(choices.get(i).score("food"))
                        .isCloseTo(
                                chooser.classify(texts.get(i), List.of("travel", "food"))
                                        .score("food"),
                                within(NEAR));
            }
        }
    }

    @Test
    void a_question_that_cannot_be_answered_says_why() {
        try (var answerer = answerer()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> answerer.answers(List.of(new Question("Who?", "John"), new Question("Where?", ""))))
                    .withMessageContaining("context of question 1 is empty");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> answerer.answer("fox ".repeat(60), "John"))
                    .withMessageContaining("leaves no room");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> answerer.maxLength(49))
                    .withMessageContaining("at most 48");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> answerer.topK(0))
                    .withMessageContaining("topK");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> answerer.stride(-2))
                    .withMessageContaining("stride");
            assertThat(answerer.answer("Who?", " \n ").isEmpty()).isTrue();
            assertThat(answerer.topK(50).impossibleAnswers(true).answers("Who?", "John Smith"))
                    .anyMatch(Answer::isEmpty);
        }
    }

    @Test
    void a_long_question_leaves_smaller_windows() {
        try (var answerer = answerer()) {
            Answer answer = answerer.answer("fox ".repeat(18), SENTENCE.repeat(5));
            assertThat(answer.text()).isNotEmpty();
        }
    }

    @Test
    void a_text_that_cannot_be_filled_says_why() {
        try (var filler = filler()) {
            assertThat(filler.mask()).isEqualTo("[MASK]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> filler.fill("no mask"))
                    .withMessageContaining("no [MASK]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> filler.fill("fox ".repeat(100) + "[MASK]"))
                    .withMessageContaining("at most 48");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> filler.targets(List.of()))
                    .withMessageContaining("at least one");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> filler.targets(List.of("")))
                    .withMessageContaining("no tokens");
            assertThat(filler.topK(10_000).fill("a [MASK]").get(0)).hasSize(220);
            double sum = filler.topK(10_000).fill("a [MASK]").get(0).stream()
                    .mapToDouble(FilledToken::score)
                    .sum();
            assertThat(sum).isCloseTo(1, within(NEAR));
        }
    }

    @Test
    void labels_and_hypotheses_are_checked() {
        try (var chooser = chooser()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> chooser.classify("text", List.of()))
                    .withMessageContaining("at least one label");
            for (String template : List.of("no slot", "{} and {}", "")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> chooser.hypothesis(template))
                        .withMessageContaining("one {}");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> chooser.classify("text", List.of("fox ".repeat(60))))
                    .withMessageContaining("too long");
            assertThat(chooser.hypothesis("It is {}.")
                            .classify("text", List.of("travel"))
                            .best()
                            .score())
                    .isEqualTo(chooser.hypothesis("It is {}.")
                            .multiLabel(true)
                            .classify("text", List.of("travel"))
                            .best()
                            .score());
        }
    }

    @Test
    void a_reranker_takes_the_function_of_its_config() {
        List<TextPair> pairs = List.of(new TextPair("Why?", "Because"));
        ModelCopy bare = ModelCopy.of("text/cross-encoder", temporary.resolve("bare"))
                .replace(
                        "config.json",
                        "\"add_cross_attention\"",
                        "\"sentence_transformers\": {\"activation_fn\": \"torch.nn.modules.linear.Identity\"},"
                                + " \"add_cross_attention\"");
        try (var usual = reranker();
                var other = Pretrained.from(bare.folder()).threads(1).load(Task.RERANKING)) {
            double logit = other.scores(pairs).get(0);
            assertThat(usual.scores(pairs).get(0)).isCloseTo(1 / (1 + Math.exp(-logit)), within(NEAR));
            assertThat(usual.scoreFunction(ScoreFunction.NONE).scores(pairs).get(0))
                    .isCloseTo(logit, within(NEAR));
            assertThat(usual.topK(1).rank("Why?", List.of("a", "b"))).hasSize(1);
            assertThatIllegalArgumentException().isThrownBy(() -> usual.scoreFunction(ScoreFunction.SOFTMAX));
        }
    }

    @Test
    void a_model_that_cannot_do_a_task_says_what_it_is() {
        assertThatThrownBy(() ->
                        Pretrained.from(ModelCopy.recorded("text/fill-mask")).load(Task.TOKEN_CLASSIFICATION))
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("BertForMaskedLM", "BertForTokenClassification");
        assertThatThrownBy(() -> Pretrained.from(ModelCopy.recorded("text/text-classification"))
                        .load(Task.RERANKING))
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("NEGATIVE", "exactly one");
        ModelCopy unmasked = ModelCopy.of("text/fill-mask", temporary.resolve("unmasked"))
                .replace("tokenizer_config.json", "\"mask_token\": \"[MASK]\"", "\"mask_token\": null");
        assertThatThrownBy(() -> Pretrained.from(unmasked.folder()).load(Task.FILL_MASK))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("no mask token");
    }

    @Test
    void a_config_without_labels_numbers_them() {
        ModelCopy copy = ModelCopy.of("text/token-classification", temporary.resolve("unlabelled"))
                .edit(
                        "config.json",
                        t -> t.replaceAll("(?s)\"id2label\": \\{.*?\\},", "\"num_labels\": 5,")
                                .replaceAll("(?s)\"label2id\": \\{.*?\\},", ""));
        try (var recognizer = Pretrained.from(copy.folder()).threads(1).load(Task.TOKEN_CLASSIFICATION)) {
            assertThat(recognizer.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4");
            assertThat(recognizer.recognize("John")).isNotEmpty();
        }
    }

    @Test
    void strides_leave_room() {
        try (var recognizer = recognizer()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> recognizer.stride(46))
                    .withMessageContaining("0 to 45");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> recognizer.stride(-1))
                    .withMessageContaining("found -1");
            assertThat(recognizer.stride(45).recognize("John")).isEqualTo(recognizer.recognize("John"));
        }
    }
}
