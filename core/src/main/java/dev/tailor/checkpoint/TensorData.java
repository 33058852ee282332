package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** A tensor to be written: its description, and its bytes when they are asked for. */
public final class TensorData {
    private static final int PART = 1 << 18;

    private final TensorInfo info;
    private final Iterable<ByteBuffer> parts;

    private TensorData(Iterable<ByteBuffer> parts, TensorInfo info) {
        this.info = info;
        this.parts = parts;
    }

    /**
     * A tensor whose bytes come in one buffer, made when it is written.
     *
     * @param bytes gives the elements, row-major and little-endian: the bytes from position to limit, whatever the
     *     buffer's byte order
     */
    public TensorData(TensorInfo info, Supplier<ByteBuffer> bytes) {
        this(parts(1, part -> bytes.get()), info);
    }

    /**
     * A tensor whose bytes come in several buffers, one at a time, cut anywhere; for what one buffer should not hold.
     *
     * @param parts gives the elements like the buffer of {@link #TensorData(TensorInfo, Supplier)}; iterated over once per
     *     writing
     */
    public static TensorData ofParts(TensorInfo info, Iterable<ByteBuffer> parts) {
        return new TensorData(parts, info);
    }

    /**
     * A tensor of type F32; the array is read when the tensor is written.
     *
     * @throws IllegalArgumentException if the shape does not have as many elements as the array
     */
    public static TensorData of(String name, List<Long> shape, float[] values) {
        TensorInfo info = info(name, DType.F32, shape, values.length);
        return ofParts(info, parts(count(values.length), part -> {
            ByteBuffer bytes = buffer(values.length, part, Float.BYTES);
            bytes.asFloatBuffer().put(values, part * PART, bytes.remaining() / Float.BYTES);
            return bytes;
        }));
    }

    /**
     * A tensor of type I64; the array is read when the tensor is written.
     *
     * @throws IllegalArgumentException if the shape does not have as many elements as the array
     */
    public static TensorData of(String name, List<Long> shape, long[] values) {
        TensorInfo info = info(name, DType.I64, shape, values.length);
        return ofParts(info, parts(count(values.length), part -> {
            ByteBuffer bytes = buffer(values.length, part, Long.BYTES);
            bytes.asLongBuffer().put(values, part * PART, bytes.remaining() / Long.BYTES);
            return bytes;
        }));
    }

    /**
     * A tensor of a checkpoint, of any size, copied from its file when it is written.
     *
     * @throws CheckpointException if there is no such tensor
     */
    public static TensorData of(Checkpoint checkpoint, String name) {
        TensorInfo info =
                checkpoint.info(name).orElseThrow(() -> NearNames.missing(name, checkpoint.names(), "the checkpoint"));
        int part = PART * Long.BYTES;
        int count = Math.toIntExact((info.byteSize() + part - 1) / part);
        return ofParts(info, parts(count, i -> {
            long offset = (long) i * part;
            return checkpoint.bytes(name, offset, (int) Math.min(part, info.byteSize() - offset));
        }));
    }

    /** Name, type and shape. */
    public TensorInfo info() {
        return info;
    }

    /** The elements, row-major and little-endian, cut anywhere; of each buffer the bytes from position to limit. */
    public Iterable<ByteBuffer> parts() {
        return parts;
    }

    @Override
    public String toString() {
        return info.name() + " " + info;
    }

    private static TensorInfo info(String name, DType dtype, List<Long> shape, int length) {
        TensorInfo info = TensorInfo.of(name, dtype, shape);
        if (info.elements() != length) {
            throw new IllegalArgumentException(
                    "Tensor " + name + " of shape " + shape + " takes " + info.elements() + " values, found " + length);
        }
        return info;
    }

    private static int count(int length) {
        return length / PART + (length % PART == 0 ? 0 : 1);
    }

    private static ByteBuffer buffer(int length, int part, int size) {
        return ByteBuffer.allocate(Math.min(PART, length - part * PART) * size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Iterable<ByteBuffer> parts(int count, IntFunction<ByteBuffer> part) {
        return () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public ByteBuffer next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return part.apply(next++);
            }
        };
    }
}
