package dev.tailor.transfer.data;

import java.util.Objects;

/** Some examples of another data set. */
final class Subset<I, T> implements Dataset<I, T> {
    private final Dataset<I, T> parent;
    private final int[] indices;

    private Subset(Dataset<I, T> parent, int[] indices) {
        this.parent = parent;
        this.indices = indices;
    }

    /** Takes over the array. A subset of a subset refers to the first data set, so views do not pile up. */
    static <I, T> Dataset<I, T> of(Dataset<I, T> parent, int[] indices) {
        for (int i = 0; i < indices.length; i++) {
            Objects.checkIndex(indices[i], parent.size());
            if (parent instanceof Subset<I, T> subset) {
                indices[i] = subset.indices[indices[i]];
            }
        }
        return new Subset<>(parent instanceof Subset<I, T> subset ? subset.parent : parent, indices);
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public Example<I, T> get(int index) {
        return parent.get(indices[Objects.checkIndex(index, indices.length)]);
    }

    @Override
    public T target(int index) {
        return parent.target(indices[Objects.checkIndex(index, indices.length)]);
    }

    @Override
    public String toString() {
        return size() + " of " + parent;
    }
}
