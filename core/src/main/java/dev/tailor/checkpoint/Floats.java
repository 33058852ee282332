package dev.tailor.checkpoint;

import java.nio.ByteBuffer;

/** Converts elements of every type to {@code float}. */
final class Floats {
    private static final int PART = 1 << 24;

    private Floats() {}

    static float[] of(Checkpoint checkpoint, String name) {
        TensorInfo info =
                checkpoint.info(name).orElseThrow(() -> NearNames.missing(name, checkpoint.names(), "the checkpoint"));
        if (info.elements() > Integer.MAX_VALUE - 8) {
            throw new CheckpointException(
                    checkpoint.location(name),
                    name,
                    "Tensor " + name + ", " + info + ", has too many elements for an array; read its bytes in parts",
                    null);
        }
        float[] floats = new float[(int) info.elements()];
        int size = info.dtype().size();
        for (int done = 0; done < floats.length; ) {
            int count = Math.min(PART / size, floats.length - done);
            convert(checkpoint.bytes(name, (long) done * size, count * size), info.dtype(), floats, done, count);
            done += count;
        }
        return floats;
    }

    private static void convert(ByteBuffer from, DType type, float[] to, int start, int count) {
        switch (type) {
            case F32 -> from.asFloatBuffer().get(to, start, count);
            case F64 -> fill(to, start, count, i -> (float) from.getDouble(i * 8));
            case F16 -> fill(to, start, count, i -> half(from.getShort(i * 2)));
            case BF16 -> fill(to, start, count, i -> Float.intBitsToFloat(from.getShort(i * 2) << 16));
            case I64 -> fill(to, start, count, i -> from.getLong(i * 8));
            case I32 -> fill(to, start, count, i -> from.getInt(i * 4));
            case I16 -> fill(to, start, count, i -> from.getShort(i * 2));
            case I8 -> fill(to, start, count, from::get);
            case U8 -> fill(to, start, count, i -> from.get(i) & 0xFF);
            case BOOL -> fill(to, start, count, i -> from.get(i) == 0 ? 0 : 1);
        }
    }

    @FunctionalInterface
    private interface Element {
        float at(int index);
    }

    private static void fill(float[] to, int start, int count, Element element) {
        for (int i = 0; i < count; i++) {
            to[start + i] = element.at(i);
        }
    }

    /** IEEE 754 binary16 to binary32, exact; {@code Float.float16ToFloat} came only with Java 20. */
    static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F80_0000 | fraction << 13);
        }
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
    }
}
