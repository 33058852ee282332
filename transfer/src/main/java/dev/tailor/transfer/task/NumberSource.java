package dev.tailor.transfer.task;

import dev.tailor.Preprocessor;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Examples whose targets are numbers.
 *
 * @param numbers of a target, as many for each
 */
record NumberSource<I, T>(Dataset<I, T> data, Preprocessor<I> preprocessor, int width, Function<T, float[]> numbers)
        implements Loop.Source {
    @Override
    public int size() {
        return data.size();
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        List<I> inputs = new ArrayList<>();
        float[] values = new float[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            inputs.add(data.get(indices[i]).input());
            System.arraycopy(numbers.apply(data.target(indices[i])), 0, values, i * width, width);
        }
        return Batch.valued(manager -> preprocessor.batch(inputs, manager), values, width);
    }
}
