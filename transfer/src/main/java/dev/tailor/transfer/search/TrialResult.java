package dev.tailor.transfer.search;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of one trial.
 *
 * @param number counted from 0
 * @param values its settings as texts, by name
 * @param losses after each epoch: of the validation data, else of the training data
 * @param state how it ended
 * @param message why it failed, or empty
 */
public record TrialResult(int number, Map<String, String> values, List<Double> losses, State state, String message) {
    /** How a trial ended. */
    public enum State {
        /** It went through all its epochs. */
        COMPLETE,
        /** Others did better at the same epoch. */
        PRUNED,
        /** It diverged, for example. */
        FAILED
    }

    /** Copies the collections. */
    public TrialResult {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        losses = List.copyOf(losses);
    }

    /** The smallest loss; infinity for a trial that failed or had no epoch. */
    public double loss() {
        return state == State.FAILED
                ? Double.POSITIVE_INFINITY
                : losses.stream()
                        .filter(Double::isFinite)
                        .mapToDouble(Double::doubleValue)
                        .min()
                        .orElse(Double.POSITIVE_INFINITY);
    }
}
