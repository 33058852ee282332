package dev.tailor.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a tensor of a {@link CheckpointView} comes from: another checkpoint's tensor, its axes in another order, and then
 * perhaps cut into other axes.
 *
 * @param name the name in the other checkpoint
 * @param axes for each axis of the result the axis of the source, as in NumPy's {@code transpose}; empty for no change
 * @param shape the shape to give the elements, row-major, after the axes are in order; empty for no change
 */
public record TensorSource(String name, List<Integer> axes, List<Long> shape) {
    /** @throws IllegalArgumentException if {@code axes} does not hold each of 0, 1, ... once */
    public TensorSource {
        axes = List.copyOf(axes);
        shape = List.copyOf(shape);
        List<Integer> sorted = axes.stream().sorted().toList();
        if (!sorted.equals(IntStream.range(0, axes.size()).boxed().toList())) {
            throw new IllegalArgumentException(
                    "Axes must be each of 0 to " + (axes.size() - 1) + " once, found " + axes);
        }
    }

    /** A tensor as it is. */
    public static TensorSource of(String name) {
        return new TensorSource(name, List.of(), List.of());
    }

    /** With its axes in another order: {@code permuted(3, 2, 0, 1)} makes OIHW of HWIO. */
    public TensorSource permuted(int... order) {
        return new TensorSource(name, Arrays.stream(order).boxed().toList(), shape);
    }

    /** With the elements, after the axes are in order, in this shape. */
    public TensorSource reshaped(long... lengths) {
        return new TensorSource(name, axes, Arrays.stream(lengths).boxed().toList());
    }

    boolean movesElements() {
        return !axes.equals(axes.stream().sorted().toList());
    }
}
