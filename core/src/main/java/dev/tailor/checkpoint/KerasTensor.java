package dev.tailor.checkpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of an HDF5 file.
 *
 * @param dtype null for a type that Tailor does not compute with
 * @param begin the place of its bytes, or -1 where they do not lie in one run
 * @param stored its type, for messages
 */
record KerasTensor(String name, @Nullable DType dtype, List<Long> shape, long begin, String stored) {
    /** @throws IllegalStateException if the type is not one to compute with */
    TensorInfo info() {
        if (dtype == null) {
            throw new IllegalStateException("no type to compute with");
        }
        return TensorInfo.of(name, dtype, shape);
    }

    KerasTensor at(long place) {
        return new KerasTensor(name, dtype, shape, place, stored);
    }
}
