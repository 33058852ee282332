package dev.tailor.checkpoint;

import java.util.List;

/**
 * What a checkpoint says about one tensor.
 *
 * @param name the key, such as {@code encoder.layer.0.attention.self.query.weight}
 * @param dtype the type of the elements
 * @param shape the dimensions, outermost first; empty for a scalar
 * @param byteSize the bytes of all elements
 */
public record TensorInfo(String name, DType dtype, List<Long> shape, long byteSize) {
    /** @throws IllegalArgumentException if a dimension is negative or {@code byteSize} does not follow from the rest */
    public TensorInfo {
        shape = List.copyOf(shape);
        if (byteSize != byteSize(dtype, shape)) {
            throw new IllegalArgumentException("Tensor " + name + ", " + dtype + " " + shape + ", takes "
                    + byteSize(dtype, shape) + " bytes, not " + byteSize);
        }
    }

    /**
     * Describes a tensor whose byte size follows from its type and shape.
     *
     * @throws IllegalArgumentException if a dimension is negative or the size overflows
     */
    public static TensorInfo of(String name, DType dtype, List<Long> shape) {
        return new TensorInfo(name, dtype, shape, byteSize(dtype, shape));
    }

    /** The number of elements; 1 for a scalar. */
    public long elements() {
        return byteSize / dtype.size();
    }

    /** The type and the shape, such as {@code F32 [3, 32]}. */
    @Override
    public String toString() {
        return dtype + " " + shape;
    }

    private static long byteSize(DType dtype, List<Long> shape) {
        try {
            long elements = 1;
            for (long dimension : shape) {
                if (dimension < 0) {
                    throw new IllegalArgumentException("A dimension must not be negative, found " + shape);
                }
                elements = Math.multiplyExact(elements, dimension);
            }
            return Math.multiplyExact(elements, dtype.size());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(dtype + " " + shape + " is larger than 2^63 bytes", e);
        }
    }
}
