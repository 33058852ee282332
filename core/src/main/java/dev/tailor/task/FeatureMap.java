package dev.tailor.task;

import java.util.Arrays;
import java.util.List;

/**
 * What one part of a network made of an input, on the heap.
 *
 * @param shape the lengths of the axes as the reference library has them, without the batch: {@code [channels, height, width]} of a
 *     convolutional network, {@code [positions, width]} of a transformer
 * @param values all elements, row by row; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record FeatureMap(List<Long> shape, float[] values) {
    /**
     * Checks the sizes; the values are not copied.
     *
     * @throws IllegalArgumentException if there are more or fewer values than the shape has room for
     */
    public FeatureMap {
        shape = List.copyOf(shape);
        if (shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b) != values.length) {
            throw new IllegalArgumentException(
                    "a map of shape " + shape + " does not fit an array of " + values.length + " values");
        }
    }

    /**
     * One element.
     *
     * @param indices one for each axis
     * @throws IllegalArgumentException if there are more or fewer than axes
     * @throws IndexOutOfBoundsException if one lies outside
     */
    public float at(long... indices) {
        if (indices.length != shape.size()) {
            throw new IllegalArgumentException(
                    "a map of shape " + shape + " has no element " + Arrays.toString(indices));
        }
        long position = 0;
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= shape.get(i)) {
                throw new IndexOutOfBoundsException(
                        "a map of shape " + shape + " has no element " + Arrays.toString(indices));
            }
            position = position * shape.get(i) + indices[i];
        }
        return values[(int) position];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FeatureMap map && shape.equals(map.shape) && Arrays.equals(values, map.values);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "FeatureMap" + shape;
    }
}
