package dev.tailor;

import java.util.List;

/**
 * A model with everything around it: from an input that a program has at hand to an answer it can use. Safe for many threads at
 * once; a call after {@link #close} throws {@link IllegalStateException}.
 *
 * @param <I> the input
 * @param <O> the answer, on the heap
 */
public interface Pipeline<I, O> extends AutoCloseable {

    /** The answer for one input. */
    O predict(I input);

    /** The answers for many inputs, in their order; they run in batches. An empty list gives an empty list. */
    List<O> predict(List<I> inputs);

    /**
     * The model that answers.
     *
     * @throws UnsupportedOperationException if it is no network, such as static embeddings
     */
    PretrainedModel model();

    /** Frees the model's native memory; more than once does nothing. */
    @Override
    default void close() {
        model().close();
    }
}
