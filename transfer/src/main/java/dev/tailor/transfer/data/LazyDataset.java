package dev.tailor.transfer.data;

import java.util.List;
import java.util.function.IntFunction;

/** Targets in memory, inputs on demand. */
record LazyDataset<I, T>(List<T> targets, IntFunction<? extends I> input) implements Dataset<I, T> {
    @Override
    public int size() {
        return targets.size();
    }

    @Override
    public Example<I, T> get(int index) {
        T target = targets.get(index);
        return new Example<>(input.apply(index), target, "item " + index);
    }

    @Override
    public T target(int index) {
        return targets.get(index);
    }

    @Override
    public String toString() {
        return size() + " examples on demand";
    }
}
