package dev.tailor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Cases worked by hand after SQuAD's evaluation script. */
class AnswerEvaluationTest {
    @Test
    void case_punctuation_and_articles_do_not_count() {
        assertThat(AnswerEvaluation.normalized("The  U.S.-Army, an\tANT's theory"))
                .isEqualTo("usarmy ants theory");
        AnswerEvaluation evaluation =
                AnswerEvaluation.of(List.of(List.of("Denver Broncos")), List.of("the Denver, broncos!"));
        assertThat(evaluation.exactMatch()).isEqualTo(1);
        assertThat(evaluation.f1()).isEqualTo(1);
    }

    @Test
    void the_best_of_several_known_answers_counts() {
        AnswerEvaluation evaluation =
                AnswerEvaluation.of(List.of(List.of("in the year 1999", "1999")), List.of("year 1999"));
        assertThat(evaluation.exactMatch()).isZero();
        assertThat(evaluation.f1()).isEqualTo(0.8, within(1e-12));
    }

    @Test
    void words_count_as_often_as_they_occur() {
        AnswerEvaluation evaluation = AnswerEvaluation.of(List.of(List.of("to be or not")), List.of("to to be"));
        assertThat(evaluation.f1()).isEqualTo(4 / 7.0, within(1e-12));
    }

    @Test
    void no_answer_is_right_only_where_there_is_none() {
        AnswerEvaluation evaluation =
                AnswerEvaluation.of(List.of(List.of(), List.of(), List.of("x")), List.of("", "something", ""));
        assertThat(evaluation.exactMatch()).isEqualTo(1 / 3.0, within(1e-12));
        assertThat(evaluation.score()).isEqualTo(1 / 3.0, within(1e-12));
        assertThat(evaluation.toString()).isEqualTo("F1 0.3333, exact match 0.3333 (3 questions)");
    }

    @Test
    void lengths_that_differ_are_refused() {
        assertThatThrownBy(() -> AnswerEvaluation.of(List.of(List.of("x")), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 and 0");
    }
}
