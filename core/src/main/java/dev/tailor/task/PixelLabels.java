package dev.tailor.task;

import java.util.Arrays;
import java.util.Objects;

/**
 * An id for each pixel of a picture.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param ids row by row; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record PixelLabels(int width, int height, int[] ids) {

    /**
     * Checks the sizes; the ids are not copied.
     *
     * @throws IllegalArgumentException if there are not {@code width * height} ids
     */
    public PixelLabels {
        Objects.requireNonNull(ids, "ids");
        if (width < 1 || height < 1 || ids.length != (long) width * height) {
            throw new IllegalArgumentException(
                    ids.length + " labels of pixels do not fit a picture of " + width + " x " + height);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PixelLabels p && width == p.width && height == p.height && Arrays.equals(ids, p.ids);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return "PixelLabels[" + width + " x " + height + "]";
    }
}
