package dev.tailor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The numbers are what scikit-learn's classification_report(labels=range(5), zero_division=0) and log_loss give. */
class ClassificationEvaluationTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static final List<String> LABELS = List.of("ant", "bee", "cat", "dog", "emu");
    private static final int[] TRUTH = {0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 0, 1, 2};
    private static final int[] PREDICTED = {0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 0, 2, 2, 0, 1, 1};
    private static final float[][] PROBABILITIES = {
        {.7f, .2f, .1f}, {.1f, .6f, .3f}, {.2f, .3f, .5f}, {0, .5f, .5f}, {1, 0, 0}, {.25f, .35f, .4f}
    };

    private final ClassificationEvaluation evaluation = ClassificationEvaluation.of(LABELS, TRUTH, PREDICTED);

    @Test
    void averages_agree_with_scikit_learn() {
        assertThat(evaluation.size()).isEqualTo(16);
        assertThat(evaluation.accuracy()).isEqualTo(0.625);
        assertThat(evaluation.macroPrecision()).isCloseTo(0.37333333333333335, EXACT);
        assertThat(evaluation.macroRecall()).isCloseTo(0.4033333333333333, EXACT);
        assertThat(evaluation.macroF1()).isCloseTo(0.3866666666666666, EXACT);
        assertThat(evaluation.weightedPrecision()).isCloseTo(0.5875, EXACT);
        assertThat(evaluation.weightedRecall()).isCloseTo(0.625, EXACT);
        assertThat(evaluation.weightedF1()).isCloseTo(0.6041666666666666, EXACT);
    }

    @Test
    void class_metrics_agree_with_scikit_learn_and_empty_denominators_give_zero() {
        assertThat(evaluation.classes())
                .containsExactly(
                        new ClassMetrics("ant", 0.6, 0.6, 0.6, 5),
                        new ClassMetrics("bee", 0.6, 0.75, 6.0 / 9, 4),
                        new ClassMetrics("cat", 4.0 / 6, 4.0 / 6, 8.0 / 12, 6),
                        new ClassMetrics("dog", 0, 0, 0, 1),
                        new ClassMetrics("emu", 0, 0, 0, 0));
        assertThat(evaluation.metrics("bee").recall()).isEqualTo(0.75);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation.metrics("eel"))
                .withMessageContaining("\"eel\"")
                .withMessageContaining("emu");
    }

    @Test
    void confusion_matrix_has_a_row_for_each_true_class_and_is_a_copy() {
        int[][] expected = {{3, 1, 1, 0, 0}, {1, 3, 0, 0, 0}, {1, 1, 4, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 0, 0, 0}};
        assertThat(evaluation.confusionMatrix()).isDeepEqualTo(expected);
        evaluation.confusionMatrix()[0][0] = 99;
        assertThat(evaluation.confusionMatrix()).isDeepEqualTo(expected);
    }

    @Test
    void to_string_prints_the_report_and_the_confusion_matrix_in_any_locale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(evaluation).hasToString("""
                                  precision     recall         f1    support
                             ant      0.600      0.600      0.600          5
                             bee      0.600      0.750      0.667          4
                             cat      0.667      0.667      0.667          6
                             dog      0.000      0.000      0.000          1
                             emu      0.000      0.000      0.000          0

                        accuracy                            0.625         16
                       macro avg      0.373      0.403      0.387         16
                    weighted avg      0.588      0.625      0.604         16

                    true \\ predicted  ant  bee  cat  dog  emu
                                 ant    3    1    1    0    0
                                 bee    1    3    0    0    0
                                 cat    1    1    4    0    0
                                 dog    0    0    1    0    0
                                 emu    0    0    0    0    0
                    """);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void long_labels_keep_the_columns_aligned_and_many_classes_leave_the_matrix_out() {
        String text = ClassificationEvaluation.of(
                        List.of("a rather long name of a class", "𝄞"), new int[] {0, 1}, new int[] {0, 0})
                .toString();
        List<String> lines = text.lines().toList();
        assertThat(lines.get(1).codePointCount(0, lines.get(1).length()))
                .isEqualTo(lines.get(2).codePointCount(0, lines.get(2).length()));
        assertThat(text).contains("a rather lo…");

        List<String> many = IntStream.range(0, 13).mapToObj(i -> "c" + i).toList();
        assertThat(ClassificationEvaluation.of(many, new int[] {12}, new int[] {12}))
                .asString()
                .contains("c12")
                .doesNotContain("predicted");
    }

    @Test
    void probabilities_give_predictions_top_k_accuracy_and_log_loss() {
        var known = ClassificationEvaluation.of(List.of("a", "b", "c"), new int[] {0, 2, 1, 0, 0, 2}, PROBABILITIES);
        assertThat(known.accuracy()).isEqualTo(0.5);
        assertThat(known.topAccuracy(1)).isEqualTo(0.5);
        assertThat(known.topAccuracy(2)).isCloseTo(5.0 / 6, EXACT);
        assertThat(known.topAccuracy(3)).isEqualTo(1);
        assertThat(known.logLoss()).isCloseTo(3.2705490589141846, within(1e-6));
        assertThat(known.confusionMatrix()).isDeepEqualTo(new int[][] {{2, 1, 0}, {0, 0, 1}, {0, 1, 1}});
    }

    @Test
    void without_probabilities_the_metrics_that_need_them_are_refused() {
        assertThatIllegalStateException().isThrownBy(evaluation::logLoss).withMessageContaining("probabilities");
        assertThatIllegalStateException().isThrownBy(() -> evaluation.topAccuracy(1));
        assertThatIllegalArgumentException().isThrownBy(() -> evaluation.topAccuracy(0));
    }

    @Test
    void wrong_arguments_are_refused_with_what_was_found() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationEvaluation.of(List.of("a", "b"), new int[] {0, 1}, new int[] {0}))
                .withMessageContaining("2 truths and 1 predictions");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationEvaluation.of(List.of("a", "b"), new int[] {0, 2}, new int[] {0, 1}))
                .withMessage("The true class of example 1 is 2, but there are 2 labels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationEvaluation.of(List.of("a", "b"), new int[] {0}, new int[] {-1}))
                .withMessage("The predicted class of example 0 is -1, but there are 2 labels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationEvaluation.of(List.of("a", "a"), new int[] {0}, new int[] {0}))
                .withMessageContaining("distinct");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationEvaluation.of(List.of("a"), new int[0], new int[0]))
                .withMessageContaining("no examples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationEvaluation.of(List.of("a"), new int[] {0}, new float[][] {{1.5f}}))
                .withMessageContaining("softmax");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassificationEvaluation.of(List.of("a"), new int[] {0}, new float[][] {{Float.NaN}}))
                .withMessageContaining("NaN");
    }
}
