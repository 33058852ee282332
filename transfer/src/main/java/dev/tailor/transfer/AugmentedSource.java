package dev.tailor.transfer;

import dev.tailor.Preprocessor;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import dev.tailor.transfer.train.Seeds;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Batches of changed examples. What chance does to an example depends on the batch's seed and the example alone, so that the
 * same step gives the same pictures, whatever ran before.
 *
 * @param plain the examples as they are, one row each
 */
record AugmentedSource<I, T>(
        Dataset<I, T> data,
        Augmentation<I> augmentation,
        Tuning<I, T, ?, ?> tuning,
        Preprocessor<I> preprocessor,
        Loop.Source plain)
        implements Loop.Source {
    @Override
    public int size() {
        return plain.size();
    }

    @Override
    public int label(int index) {
        return plain.label(index);
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        // A source may go through its whole data set when it is made, so it gets the batch alone.
        Dataset<I, T> chosen = new Changed<>(data, augmentation, tuning, seed).subset(indices);
        int[] all = IntStream.range(0, indices.length).toArray();
        return tuning.source(chosen, preprocessor).batch(all, seed);
    }

    private record Changed<I, T>(Dataset<I, T> data, Augmentation<I> augmentation, Tuning<I, T, ?, ?> tuning, long seed)
            implements Dataset<I, T> {
        @Override
        public int size() {
            return data.size();
        }

        @Override
        public Example<I, T> get(int index) {
            return tuning.changed(data.get(index), augmentation, new SplittableRandom(Seeds.mix(seed, index)));
        }

        @Override
        public T target(int index) {
            return data.target(index);
        }
    }
}
