package dev.tailor.serving;

import java.time.Duration;

/**
 * Hears about predictions. Called on the threads that predict, at once from several, so it should be quick. What it throws is
 * logged and does no harm to the call.
 */
public interface PredictionListener {

    /** A call of a pipeline has been answered or has failed. */
    default void called(Call call) {}

    /** A batch has gone through the network, or has failed there. */
    default void ran(Batch batch) {}

    /**
     * A call.
     *
     * @param model the model's id
     * @param inputs how many inputs the network got for it, such as the windows of a long text
     * @param tokens their tokens without padding; 0 for pictures
     * @param queued the calls that were waiting to be joined when it came
     * @param latency from the tokenized input to the answer, waiting included
     * @param failed whether it ended with an exception
     */
    record Call(String model, int inputs, long tokens, int queued, Duration latency, boolean failed) {}

    /**
     * A batch.
     *
     * @param model the model's id
     * @param size its inputs, of one call or of several
     * @param tokens their tokens without padding; 0 for pictures
     * @param duration from its arrays to the answers
     * @param failed whether it ended with an exception
     */
    record Batch(String model, int size, long tokens, Duration duration, boolean failed) {}

    /** A listener that does nothing. */
    static PredictionListener none() {
        return Silent.INSTANCE;
    }

    /** The listener that does nothing. */
    enum Silent implements PredictionListener {
        /** The only one. */
        INSTANCE
    }
}
