package dev.tailor.transfer.head;

/**
 * The class whose mean is nearest by straight distance, as a linear function: {@code m·x - |m|²/2} orders the classes likewise.
 * Scores are divided by the mean variance within classes, which makes their softmax the probability under Gaussians of that
 * variance and equal shares. A class without examples is never told.
 */
public record NearestMean() implements FeatureHead.Direct {
    /** The score of a class without examples. */
    private static final double NEVER = -1e30;

    private static final double LEAST_VARIANCE = 1e-6;

    @Override
    public VectorModel fit(Rows rows, int[] labels, int classes) {
        Checks.examples(rows, labels, classes);
        int width = rows.width();
        double[] means = new double[classes * width];
        int[] counts = new int[classes];
        double squares = 0;
        for (int i = 0; i < labels.length; i++) {
            rows.addTo(i, 1, means, labels[i] * width);
            counts[labels[i]]++;
            double[] vector = new double[width];
            rows.addTo(i, 1, vector, 0);
            squares += rows.dot(i, vector, 0);
        }
        double[] bias = new double[classes];
        for (int c = 0; c < classes; c++) {
            double norm = 0;
            for (int i = 0; i < width; i++) {
                double mean = counts[c] == 0 ? 0 : means[c * width + i] / counts[c];
                means[c * width + i] = mean;
                norm += mean * mean;
            }
            squares -= counts[c] * norm;
            bias[c] = -norm / 2;
        }
        double variance = Math.max(squares / ((double) labels.length * Math.max(1, width)), LEAST_VARIANCE);
        for (int i = 0; i < means.length; i++) {
            means[i] /= variance;
        }
        for (int c = 0; c < classes; c++) {
            bias[c] = counts[c] == 0 ? NEVER : bias[c] / variance;
        }
        return new LinearModel(width, means, bias);
    }
}
