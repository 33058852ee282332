package dev.tailor.zoo.preprocess;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a network takes as {@code pixel_values} for one image: float32, channels first, row-major.
 *
 * <p>The array is not copied.
 *
 * @param channels planes, 3 for colour
 * @param height rows
 * @param width columns
 * @param data {@code channels * height * width} values
 */
@SuppressWarnings("ArrayRecordComponent")
public record PixelValues(int channels, int height, int width, float[] data) {
    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException if the array has another length than {@code channels * height * width}
     */
    public PixelValues {
        Objects.requireNonNull(data, "data");
        if (channels < 1 || height < 1 || width < 1 || data.length != (long) channels * height * width) {
            throw new IllegalArgumentException("Pixel values of shape [" + channels + ", " + height + ", " + width
                    + "] do not fit an array of " + data.length + " values.");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PixelValues values
                && channels == values.channels
                && height == values.height
                && width == values.width
                && Arrays.equals(data, values.data);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * channels + height) + width) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "PixelValues[" + channels + ", " + height + ", " + width + "]";
    }
}
