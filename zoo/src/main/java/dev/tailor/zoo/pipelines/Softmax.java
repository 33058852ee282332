package dev.tailor.zoo.pipelines;

/** Probabilities that sum to 1. */
final class Softmax {
    private Softmax() {}

    /** Of {@code count} logits from {@code offset} on. */
    static double[] of(float[] logits, int offset, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[offset + i]);
        }
        double[] result = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            result[i] = Math.exp(logits[offset + i] - max);
            sum += result[i];
        }
        for (int i = 0; i < count; i++) {
            result[i] /= sum;
        }
        return result;
    }
}
