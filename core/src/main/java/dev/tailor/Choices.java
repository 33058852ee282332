package dev.tailor;

import ai.djl.Device;
import dev.tailor.hub.FetchRequest;
import dev.tailor.serving.Batching;
import dev.tailor.serving.PredictionListener;
import org.jspecify.annotations.Nullable;

/**
 * What was chosen for a model before it is loaded.
 *
 * @param id the model
 * @param fetch how its files are fetched
 * @param device where it runs, or null for the engine's choice
 * @param precision what it computes in
 * @param engine the engine's name, or nothing for the only one
 * @param threads within a call, 0 for what the process is set to
 * @param adapter what changes its weights, or null
 * @param batching how calls are joined, or null if they are not
 * @param predictions who hears about predictions
 */
record Choices(
        ModelId id,
        FetchRequest fetch,
        @Nullable Device device,
        Precision precision,
        String engine,
        int threads,
        @Nullable Adapter adapter,
        @Nullable Batching batching,
        PredictionListener predictions) {

    /** Which adapter, and whether it becomes part of the weights. */
    record Adapter(ModelId id, boolean merged) {}

    static Choices of(ModelId id) {
        return new Choices(
                id, FetchRequest.defaults(), null, Precision.FLOAT32, "", 0, null, null, PredictionListener.none());
    }

    Choices withFetch(FetchRequest value) {
        return new Choices(id, value, device, precision, engine, threads, adapter, batching, predictions);
    }

    Choices withDevice(Device value) {
        return new Choices(id, fetch, value, precision, engine, threads, adapter, batching, predictions);
    }

    Choices withPrecision(Precision value) {
        return new Choices(id, fetch, device, value, engine, threads, adapter, batching, predictions);
    }

    Choices withEngine(String value) {
        return new Choices(id, fetch, device, precision, value, threads, adapter, batching, predictions);
    }

    Choices withThreads(int value) {
        return new Choices(id, fetch, device, precision, engine, value, adapter, batching, predictions);
    }

    Choices withAdapter(Adapter value) {
        return new Choices(id, fetch, device, precision, engine, threads, value, batching, predictions);
    }

    Choices withBatching(Batching value) {
        return new Choices(id, fetch, device, precision, engine, threads, adapter, value, predictions);
    }

    Choices withPredictions(PredictionListener value) {
        return new Choices(id, fetch, device, precision, engine, threads, adapter, batching, value);
    }
}
