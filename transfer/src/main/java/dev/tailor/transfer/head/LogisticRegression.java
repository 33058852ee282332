package dev.tailor.transfer.head;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Logistic regression by L-BFGS over all examples at once: the minimum of {@code inverse * sum of cross entropies + |W|²/2},
 * biases free, as scikit-learn's {@code LogisticRegression}, with its weights of classes. Two classes share one weight vector, as there. The same examples
 * give the same weights, however many threads run.
 *
 * @param inverse of the regularisation's strength (scikit-learn's {@code C}), positive; smaller fits less closely
 * @param iterations at most
 * @param tolerance of the largest component of the mean loss's gradient
 */
public record LogisticRegression(double inverse, int iterations, double tolerance) implements FeatureHead.Direct {
    /** Portions that are summed in their order: a fixed number, so that rounding does not depend on the machine. */
    private static final int PORTIONS = 32;

    /** Checks the ranges. */
    public LogisticRegression {
        if (!(inverse > 0) || iterations < 1 || !(tolerance > 0)) {
            throw new IllegalArgumentException("inverse " + inverse + ", iterations " + iterations + " and tolerance "
                    + tolerance + " must be positive");
        }
    }

    static LogisticRegression standard() {
        return new LogisticRegression(1, 1000, 1e-5);
    }

    /** Another strength: the inverse, scikit-learn's {@code C}. */
    public LogisticRegression inverse(double value) {
        return new LogisticRegression(value, iterations, tolerance);
    }

    /** A limit of iterations; 1000 without it. */
    public LogisticRegression iterations(int most) {
        return new LogisticRegression(inverse, most, tolerance);
    }

    /** When to stop; 1e-5 without it. */
    public LogisticRegression tolerance(double value) {
        return new LogisticRegression(inverse, iterations, value);
    }

    @Override
    public LinearModel fit(Rows rows, int[] labels, int classes) {
        double[] equal = new double[Math.max(classes, 0)];
        Arrays.fill(equal, 1);
        return fit(rows, labels, classes, equal);
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public LinearModel fit(Rows rows, int[] labels, int classes, double[] weights) {
        Checks.examples(rows, labels, classes);
        if (weights.length != classes || !Arrays.stream(weights).allMatch(w -> w > 0)) {
            throw new IllegalArgumentException(
                    "each of the " + classes + " classes needs a positive weight, found " + Arrays.toString(weights));
        }
        double sum = Arrays.stream(labels).mapToDouble(l -> weights[l]).sum();
        int vectors = classes == 2 ? 1 : classes;
        int width = rows.width();
        double[] found = Lbfgs.minimize(
                new double[vectors * (width + 1)],
                (at, gradient) -> loss(rows, labels, weights, sum, vectors, at, gradient),
                iterations,
                tolerance);
        double[] weight = new double[classes * width];
        double[] bias = new double[classes];
        for (int c = 0; c < classes; c++) {
            // One vector tells how far the second class is ahead of the first; half of it each gives the same
            // probabilities.
            double factor = classes > 2 ? 1 : c - 0.5;
            int from = classes > 2 ? c : 0;
            for (int i = 0; i < width; i++) {
                weight[c * width + i] = factor * found[from * width + i];
            }
            bias[c] = factor * found[vectors * width + from];
        }
        return new LinearModel(width, weight, bias);
    }

    /** The mean loss with the penalty, and its gradient: weights first, biases last. */
    private double loss(
            Rows rows, int[] labels, double[] weights, double sum, int vectors, double[] at, double[] gradient) {
        int size = labels.length;
        double[][] parts = new double[PORTIONS][];
        double[] losses = new double[PORTIONS];
        IntStream.range(0, PORTIONS).parallel().forEach(p -> {
            double[] part = new double[at.length];
            int to = (int) ((p + 1L) * size / PORTIONS);
            for (int row = (int) ((long) p * size / PORTIONS); row < to; row++) {
                losses[p] += example(rows, row, labels[row], weights[labels[row]], vectors, at, part);
            }
            parts[p] = part;
        });
        Arrays.fill(gradient, 0);
        double loss = 0;
        for (int p = 0; p < PORTIONS; p++) {
            loss += losses[p] / sum;
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += parts[p][i] / sum;
            }
        }
        double strength = 1 / (inverse * sum);
        for (int i = 0; i < vectors * rows.width(); i++) {
            loss += strength * at[i] * at[i] / 2;
            gradient[i] += strength * at[i];
        }
        return loss;
    }

    private static double example(
            Rows rows, int row, int label, double weight, int vectors, double[] at, double[] gradient) {
        int width = rows.width();
        double[] scores = new double[vectors];
        for (int v = 0; v < vectors; v++) {
            scores[v] = at[vectors * width + v] + rows.dot(row, at, v * width);
        }
        if (vectors == 1) {
            double toRight = label == 1 ? scores[0] : -scores[0];
            double loss = Math.max(-toRight, 0) + Math.log1p(Math.exp(-Math.abs(toRight)));
            double slope = weight * (1 / (1 + Math.exp(-scores[0])) - label);
            rows.addTo(row, slope, gradient, 0);
            gradient[width] += slope;
            return weight * loss;
        }
        double log = Softmax.logSum(scores);
        for (int v = 0; v < vectors; v++) {
            double slope = weight * (Math.exp(scores[v] - log) - (v == label ? 1 : 0));
            rows.addTo(row, slope, gradient, v * width);
            gradient[vectors * width + v] += slope;
        }
        return weight * (log - scores[label]);
    }
}
