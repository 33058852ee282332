package dev.tailor.transfer;

import dev.tailor.transfer.augment.Mixing;
import java.util.SplittableRandom;

/** Mixes the pictures of a batch in place. */
final class MixedPixels {
    private MixedPixels() {}

    /**
     * Mixes each picture with the one before it, the first with the last.
     *
     * @param values {@code [count, channels, height, width]}
     * @return the share that each picture keeps
     */
    static double mix(Mixing mixing, float[] values, int count, int height, int width, SplittableRandom random) {
        double share = mixing.draw(random);
        return mixing instanceof Mixing.Mixup
                ? blend(values, count, share)
                : paste(values, count, height, width, share, random);
    }

    static double blend(float[] values, int count, double share) {
        float[] before = values.clone();
        int each = values.length / count;
        for (int i = 0; i < values.length; i++) {
            float other = before[(i + values.length - each) % values.length];
            values[i] = (float) (share * before[i] + (1 - share) * other);
        }
        return share;
    }

    /** The rectangle is cut off at the rim, and the share is what is left in truth. */
    static double paste(float[] values, int count, int height, int width, double drawn, SplittableRandom random) {
        int middleX = random.nextInt(width);
        int middleY = random.nextInt(height);
        double half = 0.5 * Math.sqrt(1 - drawn);
        int left = Math.max(0, middleX - (int) (half * width));
        int right = Math.min(width, middleX + (int) (half * width));
        int top = Math.max(0, middleY - (int) (half * height));
        int bottom = Math.min(height, middleY + (int) (half * height));
        float[] before = values.clone();
        int each = values.length / count;
        int planes = values.length / (height * width);
        for (int plane = 0; plane < planes; plane++) {
            for (int y = top; y < bottom; y++) {
                for (int x = left; x < right; x++) {
                    int at = (plane * height + y) * width + x;
                    values[at] = before[(at + values.length - each) % values.length];
                }
            }
        }
        return 1 - (double) (bottom - top) * (right - left) / ((double) width * height);
    }
}
