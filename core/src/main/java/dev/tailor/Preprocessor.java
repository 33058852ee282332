package dev.tailor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/**
 * Turns inputs into a network's arrays, as a model's own files say. Safe for many threads.
 *
 * @param <I> the input
 */
public interface Preprocessor<I> extends AutoCloseable {

    /**
     * One batch.
     *
     * @param inputs at least one
     * @param manager owns the arrays
     * @return arrays by the reference library's names, each {@code [batch, ...]}
     */
    Map<String, NDArray> batch(List<I> inputs, NDManager manager);

    /** Names of the model's files that a saved copy needs for the same preprocessing. */
    List<String> files();

    /** Texts of files that a saved copy needs and the model's repository lacks, by name. */
    default Map<String, String> newFiles() {
        return Map.of();
    }

    /** Frees what it holds; later calls throw {@link IllegalStateException}. */
    @Override
    default void close() {}
}
