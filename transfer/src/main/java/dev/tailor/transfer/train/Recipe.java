package dev.tailor.transfer.train;

/**
 * How weights change.
 *
 * @param learningRate the largest rate, positive
 * @param weightDecay of weights other than biases and norms, as AdamW decouples it
 * @param schedule the rate over the steps
 * @param warmup steps until the full rate
 * @param clip largest norm of all gradients together
 * @param labelSmoothing share of the target spread over all classes, in {@code [0, 1)}
 */
public record Recipe(
        double learningRate, double weightDecay, Schedule schedule, int warmup, double clip, double labelSmoothing) {

    /** Decay of AdamW's first moment. */
    public static final double BETA1 = 0.9;
    /** Decay of AdamW's second moment. */
    public static final double BETA2 = 0.999;
    /** Added to AdamW's denominator. */
    public static final double EPSILON = 1e-8;

    /** Checks the ranges. */
    public Recipe {
        require(learningRate > 0, "learningRate must be positive", learningRate);
        require(weightDecay >= 0, "weightDecay must not be negative", weightDecay);
        require(warmup >= 0, "warmup must not be negative", warmup);
        require(clip > 0, "clip must be positive", clip);
        require(labelSmoothing >= 0 && labelSmoothing < 1, "labelSmoothing must be in [0, 1)", labelSmoothing);
    }

    private static void require(boolean holds, String what, double found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ", found " + found);
        }
    }
}
