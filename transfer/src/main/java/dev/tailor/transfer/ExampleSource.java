package dev.tailor.transfer;

import dev.tailor.Preprocessor;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.List;

/** Examples that are read and preprocessed each time they are needed. */
record ExampleSource<I>(Dataset<I, ?> data, Preprocessor<I> preprocessor, Labels labels) implements Loop.Source {

    @Override
    public int size() {
        return data.size();
    }

    @Override
    public Batch batch(int[] indices) {
        List<I> inputs = new ArrayList<>();
        long[] ids = new long[indices.length];
        for (int i = 0; i < indices.length; i++) {
            inputs.add(data.get(indices[i]).input());
            ids[i] = labels.id(data.target(indices[i]));
        }
        return new Batch(manager -> preprocessor.batch(inputs, manager), ids);
    }
}
