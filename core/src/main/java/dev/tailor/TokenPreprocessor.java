package dev.tailor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/**
 * A preprocessor that tells where tokens come from, for tasks whose answers are places in a text. Safe for many threads.
 *
 * @param <I> the input
 */
public interface TokenPreprocessor<I> extends Preprocessor<I> {

    /** The rows of an input: one if it fits, else windows that share some tokens and together hold every one. */
    List<TokenRow> rows(I input);

    /** One batch of rows, padded to the longest. */
    Map<String, NDArray> arrays(List<TokenRow> rows, NDManager manager);

    /** Where a row's tokens begin when it is padded to so many. */
    int offset(TokenRow row, int length);

    /** The rows of all inputs, one after another. */
    @Override
    default Map<String, NDArray> batch(List<I> inputs, NDManager manager) {
        return arrays(inputs.stream().flatMap(i -> rows(i).stream()).toList(), manager);
    }
}
