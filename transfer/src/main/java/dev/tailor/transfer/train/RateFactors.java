package dev.tailor.transfer.train;

/** The learning rate of each parameter as a share of the recipe's. */
@FunctionalInterface
public interface RateFactors {
    /**
     * The factor.
     *
     * @param key the parameter's
     * @param epoch counted from 1
     * @return 0 or more; NaN for a parameter that rests in this epoch
     */
    double of(String key, int epoch);
}
