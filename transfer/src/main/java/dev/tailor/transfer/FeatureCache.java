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
 * The features of a data set, computed once, with the labels.
 *
 * @param features one row for each example that could be read, on the heap or on disk
 * @param labels class ids, where the targets are such
 * @param values numbers, where the targets are such
 */
record FeatureCache(FeatureRows features, long[] labels, float[][] values) implements Loop.Source, AutoCloseable {

    /**
     * Runs a network that gives features over a data set.
     *
     * @param budget bytes of features that may lie on the heap
     */
    static FeatureCache compute(Network network, Loop.Source data, int batchSize, long budget, IntConsumer progress) {
        FeatureRows rows = null;
        long[] ids = new long[data.size()];
        float[][] numbers = new float[data.size()][];
        int done = 0;
        try {
            for (int[] indices : Batches.inOrder(data.size(), batchSize)) {
                Batch batch = data.batch(indices, 0);
                try (NDManager manager = network.newManager()) {
                    Map<String, NDArray> inputs =
                            new LinkedHashMap<>(batch.inputs().apply(manager));
                    inputs.remove(Losses.LABELS);
                    NDArray found =
                            Objects.requireNonNull(network.forward(inputs).get(TracedModel.FEATURES));
                    // Fewer than asked for where an input could not be read.
                    int count = (int) found.getShape().get(0);
                    float[] values = found.toFloatArray();
                    int width = values.length / count;
                    rows = rows == null ? new FeatureRows(data.size(), width, budget) : rows;
                    for (int i = 0; i < count; i++) {
                        ids[rows.size()] = batch.labels().length == 0 ? -1 : batch.labels()[i];
                        int each = batch.values().length / count;
                        numbers[rows.size()] = Arrays.copyOfRange(batch.values(), i * each, (i + 1) * each);
                        rows.add(values, i * width);
                    }
                }
                done += indices.length;
                progress.accept(done);
            }
        } catch (RuntimeException e) {
            if (rows != null) {
                rows.close();
            }
            throw e;
        }
        rows = rows == null ? new FeatureRows(0, 1, budget) : rows;
        return new FeatureCache(rows, Arrays.copyOf(ids, rows.size()), Arrays.copyOf(numbers, rows.size()));
    }

    @Override
    public int size() {
        return features.size();
    }

    @Override
    public int label(int index) {
        return (int) labels[index];
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        int width = features.width();
        float[] rows = new float[indices.length * width];
        long[] ids = new long[indices.length];
        int count = values[0].length;
        float[] numbers = new float[indices.length * count];
        for (int i = 0; i < indices.length; i++) {
            features.get(indices[i], rows, i * width);
            ids[i] = labels[indices[i]];
            System.arraycopy(values[indices[i]], 0, numbers, i * count, count);
        }
        Shape shape = new Shape(indices.length, width);
        Function<NDManager, Map<String, NDArray>> inputs = manager ->
                Map.of(TracedModel.FEATURES, manager.create(FloatBuffer.wrap(rows), shape, DataType.FLOAT32));
        return count == 0 ? Batch.classified(inputs, ids) : Batch.valued(inputs, numbers, count);
    }

    @Override
    public void close() {
        features.close();
    }
}
