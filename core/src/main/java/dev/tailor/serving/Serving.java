package dev.tailor.serving;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a loaded model's pipelines serve their callers.
 *
 * @param model the model's id, for messages and listeners
 * @param batching how concurrent calls are joined; empty if each runs by itself
 * @param listener hears about every call
 */
public record Serving(String model, Optional<Batching> batching, PredictionListener listener) {
    private static final Logger log = LoggerFactory.getLogger(Serving.class);

    /** Each call runs by itself, and nobody hears of it. */
    public static Serving plain(String model) {
        return new Serving(model, Optional.empty(), PredictionListener.none());
    }

    /**
     * What joins single calls; empty if each runs by itself.
     *
     * @param bucket only items of an equal number share a batch, such as those of like length
     * @param run answers a batch in its order
     */
    public <T, R> Optional<MicroBatcher<T, R>> batcher(
            ToIntFunction<? super T> bucket, Function<List<T>, List<R>> run) {
        return batching.map(b -> new MicroBatcher<>(model, b, bucket, run));
    }

    /**
     * Answers a call and tells the listener.
     *
     * @param inputs how many inputs the network gets
     * @param tokens their tokens; 0 for pictures
     * @param queued the calls that wait to be joined
     */
    public <R> R call(int inputs, long tokens, int queued, Supplier<R> work) {
        return timed(
                work,
                (time, failed) ->
                        listener.called(new PredictionListener.Call(model, inputs, tokens, queued, time, failed)));
    }

    /**
     * Runs a batch and tells the listener.
     *
     * @param size its inputs
     * @param tokens their tokens; 0 for pictures
     */
    public <R> R batch(int size, long tokens, Supplier<R> work) {
        return timed(
                work, (time, failed) -> listener.ran(new PredictionListener.Batch(model, size, tokens, time, failed)));
    }

    @FunctionalInterface
    private interface Report {
        void send(Duration time, boolean failed);
    }

    private <R> R timed(Supplier<R> work, Report report) {
        if (listener == PredictionListener.none()) {
            return work.get();
        }
        long start = System.nanoTime();
        boolean failed = true;
        try {
            R result = work.get();
            failed = false;
            return result;
        } finally {
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            try {
                report.send(time, failed);
            } catch (RuntimeException e) {
                log.warn("{}: a listener failed; the call itself goes on", model, e);
            }
        }
    }
}
