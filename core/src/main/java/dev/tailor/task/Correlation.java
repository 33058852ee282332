package dev.tailor.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How two rows of numbers go together: of their values (Pearson) and of their ranks (Spearman), both from -1 to 1.
 *
 * @param pearson the linear correlation of the values
 * @param spearman the linear correlation of the ranks; equal values share the mean of their ranks
 * @param count how many pairs
 */
public record Correlation(double pearson, double spearman, int count) {

    /**
     * Measures two rows of equal length.
     *
     * @return {@code NaN} where a row is constant and no correlation is defined
     * @throws IllegalArgumentException if there are fewer than two pairs, the lengths differ, or a value is not finite
     */
    public static Correlation of(double[] first, double[] second) {
        if (first.length != second.length || first.length < 2) {
            throw new IllegalArgumentException("two rows of the same length, at least 2, are needed, found "
                    + first.length + " and " + second.length + " values");
        }
        for (int i = 0; i < first.length; i++) {
            if (!Double.isFinite(first[i]) || !Double.isFinite(second[i])) {
                throw new IllegalArgumentException("pair " + i + " is not finite: " + first[i] + ", " + second[i]);
            }
        }
        return new Correlation(linear(first, second), linear(ranks(first), ranks(second)), first.length);
    }

    private static double linear(double[] first, double[] second) {
        double firstMean = Arrays.stream(first).average().orElseThrow();
        double secondMean = Arrays.stream(second).average().orElseThrow();
        double both = 0;
        double firstSquares = 0;
        double secondSquares = 0;
        for (int i = 0; i < first.length; i++) {
            double a = first[i] - firstMean;
            double b = second[i] - secondMean;
            both += a * b;
            firstSquares += a * a;
            secondSquares += b * b;
        }
        double bound = both / (Math.sqrt(firstSquares) * Math.sqrt(secondSquares));
        return Double.isNaN(bound) ? bound : Math.max(-1, Math.min(1, bound));
    }

    private static double[] ranks(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        double[] ranks = new double[values.length];
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to + 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    /** For people, such as {@code Spearman 0.8123, Pearson 0.8052 (1379 pairs)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "Spearman %.4f, Pearson %.4f (%d pairs)", spearman, pearson, count);
    }
}
