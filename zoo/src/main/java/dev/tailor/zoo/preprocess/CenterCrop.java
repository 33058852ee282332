package dev.tailor.zoo.preprocess;

import java.util.Objects;

/**
 * Cuts the middle out of an image; where the image is smaller, black fills the margin.
 *
 * @param height rows of the result
 * @param width columns of the result
 * @param rounding where the middle lies when the margin is odd
 */
public record CenterCrop(int height, int width, Rounding rounding) {
    /** Two libraries, two habits: they differ by one pixel when the margin is odd. */
    public enum Rounding {
        /** As the image processors of transformers: the start is rounded down. */
        DOWN,
        /** As torchvision's transforms, which timm uses too: half a pixel goes to the even start, padding is rounded down. */
        HALF_EVEN
    }

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if a side is below 1
     */
    public CenterCrop {
        Objects.requireNonNull(rounding, "rounding");
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("A crop must be at least 1 x 1, got " + height + " x " + width + ".");
        }
    }

    /** A crop as the image processors of transformers do it. */
    public CenterCrop(int height, int width) {
        this(height, width, Rounding.DOWN);
    }

    /** Where the crop starts along a side of {@code size}; negative where it must be padded. */
    int start(int size, int crop) {
        int margin = size - crop;
        if (rounding == Rounding.DOWN) {
            return Math.floorDiv(margin, 2);
        }
        return margin < 0 ? -(-margin / 2) : (int) Math.rint(margin / 2.0);
    }
}
