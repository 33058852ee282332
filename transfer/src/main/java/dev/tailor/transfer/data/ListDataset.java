package dev.tailor.transfer.data;

import java.util.List;

/** Examples in memory. */
record ListDataset<I, T>(List<Example<I, T>> examples) implements Dataset<I, T> {
    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public Example<I, T> get(int index) {
        return examples.get(index);
    }

    @Override
    public T target(int index) {
        return examples.get(index).target();
    }

    @Override
    public String toString() {
        return size() + " examples in memory";
    }
}
