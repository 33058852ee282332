package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the elements of a tensor lie in a run of bytes, as in PyTorch and NumPy; all counted in elements.
 *
 * @param offset the first element's place
 * @param shape the lengths of the axes
 * @param strides for each axis the way from one element to the next; 0 repeats
 */
record Strides(long offset, List<Long> shape, List<Long> strides) {
    static final int MOST_AXES = 64;

    /** @throws IllegalArgumentException if the numbers describe nothing, or more than 2^63 elements */
    Strides {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
        if (shape.size() != strides.size() || shape.size() > MOST_AXES || offset < 0) {
            throw new IllegalArgumentException("offset " + offset + ", " + shape.size() + " axes and " + strides.size()
                    + " strides, where there may be up to " + MOST_AXES + " of both alike");
        }
        if (shape.stream().anyMatch(n -> n < 0) || strides.stream().anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException("a negative number in shape " + shape + " or strides " + strides);
        }
        try {
            count(shape);
            end(offset, shape, strides);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape " + shape + " and strides " + strides + " reach beyond 2^63", e);
        }
    }

    /** Row-major from the start. */
    static Strides rowMajor(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long step = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step = Math.multiplyExact(step, Math.max(1, shape.get(axis)));
        }
        return new Strides(0, shape, List.of(strides));
    }

    /** The same elements with the axes in another order: axis {@code i} of the result is {@code order[i]} of this one. */
    Strides permuted(List<Integer> order) {
        List<Long> lengths = new ArrayList<>();
        List<Long> steps = new ArrayList<>();
        for (int axis : order) {
            lengths.add(shape.get(axis));
            steps.add(strides.get(axis));
        }
        return new Strides(offset, lengths, steps);
    }

    long elements() {
        return count(shape);
    }

    /** One more than the last place that is touched; 0 if there are no elements. */
    long end() {
        return end(offset, shape, strides);
    }

    /** Whether the elements lie row-major without gaps, so that the bytes can be taken as they are. */
    boolean isContiguous() {
        long step = 1;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            long length = shape.get(axis);
            if (length == 0) {
                return true;
            }
            if (length != 1 && strides.get(axis) != step) {
                return false;
            }
            step *= length;
        }
        return true;
    }

    /**
     * Copies elements into row-major order.
     *
     * @param from holds every element from place {@link #offset} to {@link #end}, its position 0 being the first of them
     * @param first the first element to copy, counted row-major
     * @param size the bytes of an element
     * @return a direct little-endian buffer
     */
    ByteBuffer gather(ByteBuffer from, long first, int count, int size) {
        ByteBuffer to =
                ByteBuffer.allocateDirect(Math.multiplyExact(count, size)).order(ByteOrder.LITTLE_ENDIAN);
        int axes = shape.size();
        long[] index = new long[axes];
        long[] length = shape.stream().mapToLong(Long::longValue).toArray();
        long[] stride = strides.stream().mapToLong(Long::longValue).toArray();
        long place = 0;
        long rest = first;
        for (int axis = axes - 1; axis >= 0; axis--) {
            index[axis] = rest % length[axis];
            rest /= length[axis];
            place += index[axis] * stride[axis];
        }
        for (int done = 0; done < count; done++) {
            copy(from, (int) (place * size), to, done * size, size);
            for (int axis = axes - 1; axis >= 0; axis--) {
                place += stride[axis];
                if (++index[axis] < length[axis]) {
                    break;
                }
                place -= stride[axis] * length[axis];
                index[axis] = 0;
            }
        }
        return to;
    }

    private static void copy(ByteBuffer from, int source, ByteBuffer to, int target, int size) {
        switch (size) {
            case 1 -> to.put(target, from.get(source));
            case 2 -> to.putShort(target, from.getShort(source));
            case 4 -> to.putInt(target, from.getInt(source));
            default -> to.putLong(target, from.getLong(source));
        }
    }

    private static long count(List<Long> shape) {
        return shape.contains(0L) ? 0 : shape.stream().reduce(1L, Math::multiplyExact);
    }

    private static long end(long offset, List<Long> shape, List<Long> strides) {
        if (shape.contains(0L)) {
            return 0;
        }
        long end = Math.addExact(offset, 1);
        for (int axis = 0; axis < shape.size(); axis++) {
            end = Math.addExact(end, Math.multiplyExact(shape.get(axis) - 1, strides.get(axis)));
        }
        return end;
    }
}
