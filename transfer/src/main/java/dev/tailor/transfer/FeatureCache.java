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
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * The features of a data set, computed once: {@code [size, width]} in memory.
 *
 * @param features one row for each example
 * @param labels class ids, where the targets are such
 * @param values numbers, where the targets are such
 */
record FeatureCache(float[][] features, long[] labels, float[][] values) implements Loop.Source {

    /** Runs a network that gives features over a data set. */
    static FeatureCache compute(Network network, Loop.Source data, int batchSize, IntConsumer progress) {
        float[][] features = new float[data.size()][];
        long[] ids = new long[data.size()];
        float[][] numbers = new float[data.size()][];
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
                    ids[indices[i]] = batch.labels().length == 0 ? -1 : batch.labels()[i];
                    int count = batch.values().length / indices.length;
                    numbers[indices[i]] = Arrays.copyOfRange(batch.values(), i * count, (i + 1) * count);
                }
            }
            done += indices.length;
            progress.accept(done);
        }
        return new FeatureCache(features, ids, numbers);
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
        int count = values[0].length;
        float[] numbers = new float[indices.length * count];
        for (int i = 0; i < indices.length; i++) {
            rows.put(features[indices[i]]);
            ids[i] = labels[indices[i]];
            System.arraycopy(values[indices[i]], 0, numbers, i * count, count);
        }
        Shape shape = new Shape(indices.length, width);
        Function<NDManager, Map<String, NDArray>> inputs =
                manager -> Map.of(TracedModel.FEATURES, manager.create(rows.rewind(), shape, DataType.FLOAT32));
        return count == 0 ? Batch.classified(inputs, ids) : Batch.valued(inputs, numbers, count);
    }
}
