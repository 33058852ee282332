package dev.tailor.zoo.preprocess;

import java.util.Arrays;
import java.util.List;

/**
 * What torchvision's detectors do with a picture, {@code GeneralizedRCNNTransform}: normalise, resize in floats without smoothing,
 * and pad at the right and below with zeros. Immutable and safe for many threads at once.
 */
public final class DetectionTransform {
    /** The longest side that can be asked for. */
    public static final int MOST_SIDE = 1 << 14;

    private static final int STEP = 32;

    private final int least;
    private final int most;
    private final int fixedHeight;
    private final int fixedWidth;
    private final float[] mean = new float[3];
    private final float[] std = new float[3];

    private DetectionTransform(
            int least, int most, int fixedHeight, int fixedWidth, List<Double> mean, List<Double> std) {
        this.least = least;
        this.most = most;
        this.fixedHeight = fixedHeight;
        this.fixedWidth = fixedWidth;
        for (int c = 0; c < 3; c++) {
            this.mean[c] = mean.get(c).floatValue();
            this.std[c] = std.get(c).floatValue();
        }
    }

    /** Pictures of exactly this size. */
    public static DetectionTransform exact(int height, int width, List<Double> mean, List<Double> std) {
        return new DetectionTransform(0, 0, height, width, mean, std);
    }

    /** Pictures whose shorter side is {@code least}, or less where the longer one would exceed {@code most}. */
    public static DetectionTransform within(int least, int most, List<Double> mean, List<Double> std) {
        return new DetectionTransform(least, most, 0, 0, mean, std);
    }

    /** The size that a picture is resized to, before it is padded. */
    public Resize.Size target(int width, int height) {
        if (fixedHeight > 0) {
            return new Resize.Size(fixedHeight, fixedWidth);
        }
        double scale = Math.min((double) least / Math.min(width, height), (double) most / Math.max(width, height));
        return new Resize.Size((long) Math.floor(height * scale), (long) Math.floor(width * scale));
    }

    /**
     * Makes {@code pixel_values} of shape {@code [3, height, width]}.
     *
     * @throws ImageException if the picture is so long and narrow that nothing is left of it
     */
    public PixelValues apply(RgbImage image) {
        Resize.Size target = target(image.width(), image.height());
        if (target.height() < 1 || target.width() < 1) {
            throw new ImageException("An image of " + image.width() + " x " + image.height()
                    + " (width x height) would become " + target.width() + " x " + target.height()
                    + ". Cut the image to a more usual shape first.");
        }
        int height = (int) target.height();
        int width = (int) target.width();
        int step = fixedHeight > 0 ? 1 : STEP;
        int paddedHeight = (height + step - 1) / step * step;
        int paddedWidth = (width + step - 1) / step * step;
        float[] padded = new float[3 * paddedHeight * paddedWidth];
        Bilinear.Axis rows = Bilinear.Axis.of(image.height(), height);
        Bilinear.Axis columns = Bilinear.Axis.of(image.width(), width);
        for (int c = 0; c < 3; c++) {
            float[] table = values(c);
            for (int y = 0; y < height; y++) {
                int q = (c * paddedHeight + y) * paddedWidth;
                for (int x = 0; x < width; x++) {
                    float above = between(image, table, c, rows.low()[y], columns, x);
                    float below = between(image, table, c, rows.high()[y], columns, x);
                    padded[q + x] = rows.between(y, above, below);
                }
            }
        }
        return new PixelValues(3, paddedHeight, paddedWidth, padded);
    }

    private static float between(RgbImage image, float[] table, int channel, int row, Bilinear.Axis columns, int x) {
        int start = 3 * row * image.width() + channel;
        byte[] data = image.data();
        float before = table[data[start + 3 * columns.low()[x]] & 0xff];
        return columns.between(x, before, table[data[start + 3 * columns.high()[x]] & 0xff]);
    }

    /** The normalised value of each byte. */
    private float[] values(int channel) {
        float[] table = new float[256];
        for (int v = 0; v < table.length; v++) {
            table[v] = (v / 255f - mean[channel]) / std[channel];
        }
        return table;
    }

    @Override
    public String toString() {
        return "DetectionTransform[" + (fixedHeight > 0 ? fixedHeight + " x " + fixedWidth : least + " to " + most)
                + ", mean " + Arrays.toString(mean) + ", std " + Arrays.toString(std) + "]";
    }
}
