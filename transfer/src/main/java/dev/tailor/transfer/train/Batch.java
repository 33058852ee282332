package dev.tailor.transfer.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.program.Losses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Inputs that are made when they are needed, with their labels.
 *
 * @param inputs makes the arrays by name, targets included
 * @param labels class ids, where the targets are such
 */
public record Batch(Function<NDManager, Map<String, NDArray>> inputs, long[] labels) {

    /** Inputs with class ids as the target {@link Losses#LABELS}. */
    public static Batch classified(Function<NDManager, Map<String, NDArray>> inputs, long[] labels) {
        return new Batch(
                manager -> {
                    Map<String, NDArray> all = new LinkedHashMap<>(inputs.apply(manager));
                    all.put(Losses.LABELS, manager.create(labels));
                    return all;
                },
                labels);
    }
}
