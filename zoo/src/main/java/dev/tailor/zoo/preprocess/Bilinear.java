package dev.tailor.zoo.preprocess;

/**
 * Bilinear interpolation between pixel centres, without smoothing where it shrinks: what {@code torch.nn.functional.interpolate}
 * does with {@code mode="bilinear", align_corners=False}, in float32.
 */
public final class Bilinear {
    private Bilinear() {}

    /**
     * Where the pixels of a resized axis come from.
     *
     * @param low the pixel before each
     * @param high the pixel behind each
     * @param part how much of the latter
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Axis(int[] low, int[] high, float[] part) {
        /** From {@code in} pixels to {@code out}. */
        public static Axis of(int in, int out) {
            int[] low = new int[out];
            int[] high = new int[out];
            float[] part = new float[out];
            float scale = (float) in / out;
            for (int i = 0; i < out; i++) {
                float at = Math.max(scale * (i + 0.5f) - 0.5f, 0);
                low[i] = Math.min((int) at, in - 1);
                high[i] = Math.min(low[i] + 1, in - 1);
                part[i] = Math.min(at - low[i], 1);
            }
            return new Axis(low, high, part);
        }

        /** Between two values, at a pixel of the resized axis. */
        public float between(int at, float before, float behind) {
            return (1 - part[at]) * before + part[at] * behind;
        }
    }
}
