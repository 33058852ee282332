package dev.tailor.transfer.train;

import dev.tailor.engine.Optimizer;

/**
 * How weights change.
 *
 * @param optimizer the rule
 * @param learningRate the largest rate, positive
 * @param weightDecay of weights other than biases and norms
 * @param schedule the rate over the steps
 * @param warmup steps until the full rate
 * @param clip largest norm of all gradients together
 * @param rateFactors each parameter's share of the rate; layers near the input often take smaller steps
 */
public record Recipe(
        Optimizer optimizer,
        double learningRate,
        double weightDecay,
        Schedule schedule,
        int warmup,
        double clip,
        RateFactors rateFactors) {

    /** Checks the ranges. */
    public Recipe {
        require(learningRate > 0, "learningRate must be positive", learningRate);
        require(weightDecay >= 0, "weightDecay must not be negative", weightDecay);
        require(warmup >= 0, "warmup must not be negative", warmup);
        require(clip > 0, "clip must be positive", clip);
    }

    /** The same at one rate throughout. */
    Recipe constant(double rate) {
        return new Recipe(optimizer, rate, weightDecay, Schedule.CONSTANT, 0, clip, rateFactors);
    }

    private static void require(boolean holds, String what, double found) {
        if (!holds) {
            throw new IllegalArgumentException(what + ", found " + found);
        }
    }
}
