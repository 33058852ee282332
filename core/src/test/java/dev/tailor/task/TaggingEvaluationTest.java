package dev.tailor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases worked by hand after the rules of conlleval and seqeval. */
class TaggingEvaluationTest {
    @ParameterizedTest
    @CsvSource({
        "O O O,                     ''",
        "B-a I-a O B-b,             a0-1 b3-3",
        "I-a I-a O I-b,             a0-1 b3-3",
        "B-a B-a,                   a0-0 a1-1",
        "B-a I-b I-b,               a0-0 b1-2",
        "I-a I-b B-b I-a,           a0-0 b1-1 b2-2 a3-3",
        "B-a I-a E-a E-a O,         a0-2 a3-3",
        "S-a S-a I-a,               a0-0 a1-1 a2-2",
        "E-a I-a,                   a0-0 a1-1",
        "B-a E-b S-c O I-c,         a0-0 b1-1 c2-2 c4-4",
        "B-a-x I-a-x I-a,           a-x0-1 a2-2"
    })
    void entities_begin_and_end_as_in_conlleval(String tags, String expected) {
        List<String> found = new ArrayList<>();
        Chunks.of(0, List.of(tags.split(" ")), true).forEach(c -> found.add(c.type() + c.from() + "-" + c.to()));
        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @Test
    void counts_whole_entities() {
        TaggingEvaluation evaluation = TaggingEvaluation.of(
                List.of(
                        List.of("O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"),
                        List.of("B-PER", "I-PER", "O"),
                        List.of("B-LOC", "O", "B-PER")),
                List.of(
                        List.of("O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"),
                        List.of("B-PER", "I-PER", "O"),
                        List.of("B-LOC", "B-ORG", "O")));
        assertThat(evaluation.types().stream().map(ClassMetrics::label)).containsExactly("LOC", "MISC", "ORG", "PER");
        assertThat(evaluation.micro()).isEqualTo(new ClassMetrics("micro avg", 0.5, 0.5, 0.5, 4));
        assertThat(evaluation.macro().precision()).isEqualTo(0.5, within(1e-12));
        assertThat(evaluation.macro().recall()).isEqualTo(0.375, within(1e-12));
        assertThat(evaluation.macro().f1()).isEqualTo(5 / 12.0, within(1e-12));
        assertThat(evaluation.weighted().precision()).isEqualTo(0.75, within(1e-12));
        assertThat(evaluation.weighted().f1()).isEqualTo(7 / 12.0, within(1e-12));
        assertThat(evaluation.accuracy()).isEqualTo(9 / 13.0, within(1e-12));
        assertThat(evaluation.score()).isEqualTo(0.5);
        assertThat(evaluation.metrics()).containsEntry("f1", 0.5).containsKey("macro_f1");
        assertThat(evaluation.toString())
                .contains("PER      1.000      0.500      0.667          2")
                .contains("word accuracy 0.692 (13 words, 3 sentences)");
    }

    @Test
    void the_same_words_of_another_sentence_are_another_entity() {
        TaggingEvaluation evaluation = TaggingEvaluation.of(
                List.of(List.of("B-a", "O"), List.of("O", "O")), List.of(List.of("O", "O"), List.of("B-a", "O")));
        assertThat(evaluation.score()).isZero();
    }

    @Test
    void tags_without_prefixes_count_word_by_word() {
        TaggingEvaluation evaluation = TaggingEvaluation.of(
                List.of(List.of("NOUN", "VERB", "NOUN", "NOUN")), List.of(List.of("NOUN", "VERB", "VERB", "NOUN")));
        assertThat(evaluation.score()).isEqualTo(0.75);
        assertThat(evaluation.types().get(1)).isEqualTo(new ClassMetrics("VERB", 0.5, 1, 2 / 3.0, 1));
    }

    @Test
    void what_does_not_fit_together_is_refused() {
        assertThatThrownBy(() -> TaggingEvaluation.of(List.of(List.of("B-a")), List.of(List.of("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[B-a] and [a]");
        assertThatThrownBy(() -> TaggingEvaluation.of(List.of(List.of("O")), List.of(List.of("O", "O"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 true tags and 2");
        assertThatThrownBy(() -> TaggingEvaluation.of(List.of(List.of()), List.of(List.of())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TaggingEvaluation.types(Set.of("O", "B-x", "I-y"))).containsExactly("x", "y");
    }
}
