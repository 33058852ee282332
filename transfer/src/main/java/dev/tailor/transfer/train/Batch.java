package dev.tailor.transfer.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.function.Function;

/**
 * Inputs that are made when they are needed, with their labels.
 *
 * @param inputs makes the arrays by name
 * @param labels class ids
 */
public record Batch(Function<NDManager, Map<String, NDArray>> inputs, long[] labels) {}
