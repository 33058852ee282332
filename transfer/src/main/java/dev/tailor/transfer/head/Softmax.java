package dev.tailor.transfer.head;

/** Scores as probabilities. */
final class Softmax {
    private Softmax() {}

    static float[] of(double[] scores) {
        double[] copy = scores.clone();
        double log = logSum(copy);
        float[] result = new float[copy.length];
        for (int i = 0; i < copy.length; i++) {
            result[i] = (float) Math.exp(copy[i] - log);
        }
        return result;
    }

    /** The logarithm of the sum of the exponentials, without overflow. */
    static double logSum(double[] scores) {
        double most = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            most = Math.max(most, score);
        }
        double sum = 0;
        for (double score : scores) {
            sum += Math.exp(score - most);
        }
        return most + Math.log(sum);
    }
}
