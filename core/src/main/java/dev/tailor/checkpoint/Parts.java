package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Parts of tensors: what may be asked for, and how it is copied where it cannot be sliced. */
final class Parts {
    private Parts() {}

    static void check(TensorInfo info, long offset, int length) {
        if (offset < 0 || length < 0 || offset > info.byteSize() - length) {
            throw new IllegalArgumentException("Tensor " + info.name() + " has " + info.byteSize() + " bytes; " + length
                    + " bytes from " + offset + " do not lie within");
        }
    }

    static IllegalArgumentException tooLong(TensorInfo info, int length, int longest) {
        return new IllegalArgumentException(
                "Tensor " + info.name() + " can be had in parts of at most " + longest + " bytes, not " + length);
    }

    /** Bytes of the row-major tensor, cut anywhere; {@code from} begins with the first element. */
    static ByteBuffer gather(Strides strides, ByteBuffer from, int size, long offset, int length) {
        int before = (int) (offset % size);
        int count = Math.toIntExact((before + (long) length + size - 1) / size);
        return strides.gather(from, offset / size, count, size)
                .slice(before, length)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
