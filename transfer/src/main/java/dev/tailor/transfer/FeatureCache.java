package dev.tailor.transfer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Preprocessor;
import dev.tailor.engine.Network;
import dev.tailor.program.TracedModel;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Batches;
import dev.tailor.transfer.train.Loop;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    static <I> FeatureCache compute(
            Network network,
            Preprocessor<I> preprocessor,
            Dataset<I, ?> data,
            Labels labels,
            int batchSize,
            IntConsumer progress) {
        float[][] features = new float[data.size()][];
        long[] ids = new long[data.size()];
        int done = 0;
        for (int[] indices : Batches.inOrder(data.size(), batchSize)) {
            List<I> inputs = new ArrayList<>();
            for (int index : indices) {
                inputs.add(data.get(index).input());
                ids[index] = labels.id(data.target(index));
            }
            try (NDManager manager = network.newManager()) {
                Map<String, NDArray> outputs = network.forward(preprocessor.batch(inputs, manager));
                float[] values = Objects.requireNonNull(outputs.get(TracedModel.FEATURES))
                        .toFloatArray();
                int width = values.length / indices.length;
                for (int i = 0; i < indices.length; i++) {
                    features[indices[i]] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
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
    public Batch batch(int[] indices) {
        int width = features[0].length;
        FloatBuffer rows = FloatBuffer.allocate(indices.length * width);
        long[] ids = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            rows.put(features[indices[i]]);
            ids[i] = labels[indices[i]];
        }
        Shape shape = new Shape(indices.length, width);
        return new Batch(
                manager -> Map.of(TracedModel.FEATURES, manager.create(rows.rewind(), shape, DataType.FLOAT32)), ids);
    }
}
