package dev.tailor.zoo.preprocess;

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
