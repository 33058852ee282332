package dev.tailor.transfer;

import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import dev.tailor.transfer.train.Seeds;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Batches of changed examples. What chance does to an example depends on the batch's seed and the example alone, so that the
 * same step gives the same pictures, whatever ran before.
 *
 * @param plain the examples as they are
 * @param source makes batches of other examples
 */
record AugmentedSource<I, T>(
        Dataset<I, T> data,
        Augmentation<I> augmentation,
        Loop.Source plain,
        Function<Dataset<I, T>, Loop.Source> source)
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
        return source.apply(new Changed<>(data, augmentation, seed)).batch(indices, seed);
    }

    private record Changed<I, T>(Dataset<I, T> data, Augmentation<I> augmentation, long seed) implements Dataset<I, T> {
        @Override
        public int size() {
            return data.size();
        }

        @Override
        public Example<I, T> get(int index) {
            Example<I, T> example = data.get(index);
            I input = augmentation.apply(example.input(), new SplittableRandom(Seeds.mix(seed, index)));
            return new Example<>(input, example.target(), example.source());
        }

        @Override
        public T target(int index) {
            return data.target(index);
        }
    }
}
