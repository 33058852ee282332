package dev.tailor.zoo.preprocess;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Objects;

/**
 * A decoded picture: 8-bit RGB, row-major, interleaved ({@code R G B R G B ...}), on the heap.
 *
 * <p>The array is not copied. Do not change it while another thread reads the image.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param data {@code 3 * width * height} bytes, each 0 to 255
 */
@SuppressWarnings("ArrayRecordComponent")
public record RgbImage(int width, int height, byte[] data) {
    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if a side is below 1 or the array has another length than {@code 3 * width * height}
     */
    public RgbImage {
        Objects.requireNonNull(data, "data");
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "An image needs at least one pixel, got " + width + " x " + height + ".");
        }
        if (data.length != 3L * width * height) {
            throw new IllegalArgumentException("An RGB image of " + width + " x " + height + " needs "
                    + 3L * width * height + " bytes, got " + data.length + ".");
        }
    }

    /** The same pixels as a picture of the JDK. */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0, p = 0; y < height; y++) {
            for (int x = 0; x < width; x++, p += 3) {
                row[x] = ((data[p] & 0xff) << 16) | ((data[p + 1] & 0xff) << 8) | (data[p + 2] & 0xff);
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }

    /**
     * This image in another size, as Pillow resizes it.
     *
     * @param toWidth at least 1
     * @param toHeight at least 1
     */
    public RgbImage resize(int toWidth, int toHeight, Resampling filter) {
        if (toWidth < 1 || toHeight < 1) {
            throw new IllegalArgumentException("An image of " + toWidth + " x " + toHeight + " has no pixels");
        }
        return Resampler.resize(this, toWidth, toHeight, filter, new Resampler.Window(0, 0, toWidth, toHeight));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage image
                && width == image.width
                && height == image.height
                && Arrays.equals(data, image.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "RgbImage[" + width + " x " + height + "]";
    }
}
