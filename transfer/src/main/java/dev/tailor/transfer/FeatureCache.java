package dev.tailor.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tailor.engine.Network;
import dev.tailor.program.Losses;
import dev.tailor.program.TracedModel;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Batches;
import dev.tailor.transfer.train.Loop;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * The features of a data set, computed once: {@code [size, width]} in memory.
 *
 * @param features one row for each example
 * @param labels class ids
 */
record FeatureCache(float[][] features, long[] labels) implements Loop.Source {

    /** Runs a network that gives features over a data set. */
    static FeatureCache compute(Network network, Loop.Source data, int batchSize, IntConsumer progress) {
        float[][] features = new float[data.size()][];
        long[] ids = new long[data.size()];
        int done = 0;
        for (int[] indices : Batches.inOrder(data.size(), batchSize)) {
            Batch batch = data.batch(indices, 0);
            try (NDManager manager = network.newManager()) {
                Map<String, NDArray> inputs = new LinkedHashMap<>(batch.inputs().apply(manager));
                inputs.remove(Losses.LABELS);
                float[] values = Objects.requireNonNull(network.forward(inputs).get(TracedModel.FEATURES))
                        .toFloatArray();
                int width = values.length / indices.length;
                for (int i = 0; i < indices.length; i++) {
                    features[indices[i]] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
                    ids[indices[i]] = batch.labels()[i];
                }
            }
            done += indices.length;
            progress.accept(done);
        }
        return new FeatureCache(features, ids);
    }

    @Override
    public int size() {
        return features.length;
    }

    @Override
    public int label(int index) {
        return (int) labels[index];
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        int width = features[0].length;
        FloatBuffer rows = FloatBuffer.allocate(indices.length * width);
        long[] ids = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            rows.put(features[indices[i]]);
            ids[i] = labels[indices[i]];
        }
        Shape shape = new Shape(indices.length, width);
        return Batch.classified(
                manager -> Map.of(TracedModel.FEATURES, manager.create(rows.rewind(), shape, DataType.FLOAT32)), ids);
    }
}
