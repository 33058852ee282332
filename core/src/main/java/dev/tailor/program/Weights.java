package dev.tailor.program;

import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes behind a program's weights: slices of a mapped checkpoint, or first values drawn from a seed. Immutable and safe
 * for many threads.
 */
public final class Weights {
    private final Checkpoint checkpoint;
    private final long seed;

    Weights(Checkpoint checkpoint, long seed) {
        this.checkpoint = checkpoint;
        this.seed = seed;
    }

    /** The element type in which a weight is stored; new weights are {@link DType#F32}. */
    public DType dtype(WeightSpec spec) {
        return spec.isNew()
                ? DType.F32
                : checkpoint.info(spec.stored()).orElseThrow().dtype();
    }

    /** A direct little-endian buffer with the weight's elements, row-major; a slice of the mapped file where it is stored. */
    public ByteBuffer bytes(WeightSpec spec) {
        if (!spec.isNew()) {
            return checkpoint.bytes(spec.stored());
        }
        // A seed per key: the values do not depend on what else is new or in which order.
        long own = seed * 0x9E3779B97F4A7C15L + spec.key().hashCode();
        float[] values = spec.init().draw(Math.toIntExact(spec.elements()), own);
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer;
    }

    /** A weight's elements as floats on the heap, row-major. */
    public float[] floats(WeightSpec spec) {
        if (!spec.isNew()) {
            return checkpoint.floats(spec.stored());
        }
        float[] values = new float[Math.toIntExact(spec.elements())];
        bytes(spec).asFloatBuffer().get(values);
        return values;
    }

    /** The checkpoint that holds the stored weights. */
    public Checkpoint checkpoint() {
        return checkpoint;
    }
}
