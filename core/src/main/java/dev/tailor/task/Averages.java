package dev.tailor.task;

import java.util.List;

/** Precision, recall and F1 from counts, and their means. A ratio whose denominator is 0 counts as 0. */
final class Averages {
    private Averages() {}

    /** From the counts of what is true, what was predicted, and what is both. */
    static ClassMetrics metrics(String name, int[] c) {
        return new ClassMetrics(
                name, ratio(c[2], c[1]), ratio(c[2], c[0]), ratio(2.0 * c[2], c[0] + (double) c[1]), c[0]);
    }

    static ClassMetrics macro(List<ClassMetrics> rows, int support) {
        return mean("macro avg", rows, false, support);
    }

    static ClassMetrics weighted(List<ClassMetrics> rows, int support) {
        return mean("weighted avg", rows, true, support);
    }

    private static ClassMetrics mean(String name, List<ClassMetrics> rows, boolean weighted, int support) {
        double[] sums = new double[4];
        for (ClassMetrics row : rows) {
            double weight = weighted ? row.support() : 1;
            sums[0] += weight * row.precision();
            sums[1] += weight * row.recall();
            sums[2] += weight * row.f1();
            sums[3] += weight;
        }
        return new ClassMetrics(
                name, ratio(sums[0], sums[3]), ratio(sums[1], sums[3]), ratio(sums[2], sums[3]), support);
    }

    private static double ratio(double numerator, double denominator) {
        return denominator == 0 ? 0 : numerator / denominator;
    }
}
