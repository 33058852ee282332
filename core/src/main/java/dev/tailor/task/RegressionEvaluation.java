package dev.tailor.task;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How near predicted numbers come to the true ones.
 *
 * @param meanSquaredError the mean of the squared differences
 * @param meanAbsoluteError the mean of the differences without their sign
 * @param r2 the share of the true numbers' variance that is explained, at most 1; {@code NaN} where they are all the same
 * @param correlation of predicted and true numbers; {@code NaN} where either are all the same
 */
public record RegressionEvaluation(
        double meanSquaredError, double meanAbsoluteError, double r2, Correlation correlation) implements Evaluation {

    /**
     * Compares.
     *
     * @throws IllegalArgumentException if there is no example, the lengths differ, or a number is not finite
     */
    public static RegressionEvaluation of(double[] truth, double[] predicted) {
        if (truth.length != predicted.length || truth.length == 0) {
            throw new IllegalArgumentException("Each example needs its true and its predicted number; found "
                    + truth.length + " and " + predicted.length);
        }
        double squares = 0;
        double differences = 0;
        double sum = 0;
        for (int i = 0; i < truth.length; i++) {
            double difference = predicted[i] - truth[i];
            if (!Double.isFinite(difference)) {
                throw new IllegalArgumentException(
                        "Example " + i + " is not finite: " + truth[i] + " predicted as " + predicted[i]);
            }
            squares += difference * difference;
            differences += Math.abs(difference);
            sum += truth[i];
        }
        double variance = 0;
        for (double value : truth) {
            variance += (value - sum / truth.length) * (value - sum / truth.length);
        }
        Correlation correlation =
                truth.length == 1 ? new Correlation(Double.NaN, Double.NaN, 1) : Correlation.of(truth, predicted);
        return new RegressionEvaluation(
                squares / truth.length,
                differences / truth.length,
                variance == 0 ? Double.NaN : 1 - squares / variance,
                correlation);
    }

    /** Pearson's correlation. */
    @Override
    public double score() {
        return correlation.pearson();
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("pearson", correlation.pearson());
        all.put("spearman", correlation.spearman());
        all.put("mse", meanSquaredError);
        all.put("mae", meanAbsoluteError);
        all.put("r2", r2);
        return all;
    }

    /** For people, in one line. */
    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        "mean squared error %.4f, mean absolute error %.4f, R2 %.4f, ",
                        meanSquaredError,
                        meanAbsoluteError,
                        r2)
                + correlation;
    }
}
