package dev.tailor.examples.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.SplittableRandom;

/** A batch as the command line writes it: texts x tokens, or a number of pictures. */
record BatchSize(int batch, int tokens) {
    static final int SIDE = 224;
    /** Fewer than any of the vocabularies holds. */
    private static final int WORDS = 30000;

    static BatchSize parse(String text) {
        String[] parts = text.strip().split("x", -1);
        try {
            BatchSize size =
                    new BatchSize(Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 0);
            if (parts.length <= 2 && size.batch > 0 && (parts.length == 1 || size.tokens > 0)) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(message(text), e);
        }
        throw new IllegalArgumentException(message(text));
    }

    private static String message(String text) {
        return "a size is written as 16x128, texts x tokens, or as 16, pictures; found \"" + text + "\"";
    }

    boolean ofText() {
        return tokens > 0;
    }

    LongBuffer ids() {
        LongBuffer ids = longs();
        new SplittableRandom(7).longs(ids.capacity(), 0, WORDS).forEach(ids::put);
        return ids.flip();
    }

    /** Every second text is a quarter shorter than the batch, as padding makes it. */
    LongBuffer mask() {
        LongBuffer mask = longs();
        for (int i = 0; i < mask.capacity(); i++) {
            boolean padded = i / tokens % 2 == 1 && i % tokens >= tokens - tokens / 4;
            mask.put(i, padded ? 0 : 1);
        }
        return mask;
    }

    FloatBuffer pixels() {
        FloatBuffer pixels = direct(batch * 3 * SIDE * SIDE * Float.BYTES).asFloatBuffer();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < pixels.capacity(); i++) {
            pixels.put(i, (float) random.nextDouble(-2, 2));
        }
        return pixels;
    }

    private LongBuffer longs() {
        return direct(batch * tokens * Long.BYTES).asLongBuffer();
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public String toString() {
        return ofText() ? batch + "x" + tokens : Integer.toString(batch);
    }
}
