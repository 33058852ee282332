package dev.tailor.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How well sets of labels match the true ones. A label is predicted when its probability is at least one half. The numbers are
 * those of scikit-learn with {@code zero_division=0}. Immutable; {@link #toString} prints the table.
 *
 * @param labels one row for each label, by id
 * @param micro over all labels of all examples
 * @param macro the mean of the labels, each counted alike
 * @param weighted the mean of the labels, each counted by its support
 * @param exact the share of examples whose set of labels is right as a whole, 0 to 1
 * @param hammingLoss the share of wrong decisions among all, 0 to 1
 * @param rocAuc the mean area under the curves of the labels that some examples have and some lack; {@code NaN} without such
 * @param size how many examples
 */
public record MultiLabelEvaluation(
        List<ClassMetrics> labels,
        ClassMetrics micro,
        ClassMetrics macro,
        ClassMetrics weighted,
        double exact,
        double hammingLoss,
        double rocAuc,
        int size)
        implements Evaluation {
    private static final float THRESHOLD = 0.5f;

    /** Copies the labels. */
    public MultiLabelEvaluation {
        labels = List.copyOf(labels);
    }

    /**
     * Compares probabilities with the truth.
     *
     * @param names of the labels
     * @param truth for each example and label whether it holds
     * @param probabilities for each example and label a number from 0 to 1
     * @throws IllegalArgumentException if there are no examples, the lengths differ, or a number is outside 0 to 1
     */
    public static MultiLabelEvaluation of(List<String> names, boolean[][] truth, float[][] probabilities) {
        check(names, truth, probabilities);
        int[][] counts = new int[names.size()][3];
        int exact = 0;
        int wrong = 0;
        for (int i = 0; i < truth.length; i++) {
            int before = wrong;
            for (int c = 0; c < counts.length; c++) {
                boolean real = truth[i][c];
                boolean found = probabilities[i][c] >= THRESHOLD;
                counts[c][0] += real ? 1 : 0;
                counts[c][1] += found ? 1 : 0;
                counts[c][2] += real && found ? 1 : 0;
                wrong += real == found ? 0 : 1;
            }
            exact += wrong == before ? 1 : 0;
        }
        int[] all = new int[3];
        List<ClassMetrics> labels = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            labels.add(Averages.metrics(names.get(c), counts[c]));
            for (int k = 0; k < all.length; k++) {
                all[k] += counts[c][k];
            }
        }
        ClassMetrics micro = Averages.metrics("micro avg", all);
        return new MultiLabelEvaluation(
                labels,
                micro,
                Averages.macro(labels, micro.support()),
                Averages.weighted(labels, micro.support()),
                (double) exact / truth.length,
                (double) wrong / truth.length / names.size(),
                RocAuc.macro(truth, probabilities, names.size()),
                truth.length);
    }

    private static void check(List<String> names, boolean[][] truth, float[][] probabilities) {
        if (names.isEmpty() || truth.length == 0 || truth.length != probabilities.length) {
            throw new IllegalArgumentException("Labels, examples and a row of probabilities for each are needed; found "
                    + names.size() + " labels, " + truth.length + " examples and " + probabilities.length + " rows");
        }
        for (int i = 0; i < truth.length; i++) {
            if (truth[i].length != names.size() || probabilities[i].length != names.size()) {
                throw new IllegalArgumentException("Example " + i + " has " + truth[i].length + " truths and "
                        + probabilities[i].length + " probabilities, but there are " + names.size() + " labels");
            }
            for (float p : probabilities[i]) {
                if (!(p >= 0 && p <= 1)) {
                    throw new IllegalArgumentException("Example " + i + " has the probability " + p
                            + "; expected 0 to 1. Were scores passed without sigmoid?");
                }
            }
        }
    }

    /** F1 over all labels of all examples. */
    @Override
    public double score() {
        return micro.f1();
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("micro_f1", micro.f1());
        all.put("macro_f1", macro.f1());
        all.put("weighted_f1", weighted.f1());
        all.put("micro_precision", micro.precision());
        all.put("micro_recall", micro.recall());
        all.put("exact_match", exact);
        all.put("hamming_loss", hammingLoss);
        all.put("roc_auc", rocAuc);
        return all;
    }

    /** A row for each label, then the averages. */
    @Override
    public String toString() {
        return MetricsTable.render(labels, List.of(micro, macro, weighted))
                + String.format(
                        Locale.ROOT,
                        "\nexact match %.3f, Hamming loss %.3f, ROC-AUC %.3f (%d examples)\n",
                        exact,
                        hammingLoss,
                        rocAuc,
                        size);
    }
}
