package dev.tailor.zoo.preprocess;

/**
 * How a resized pixel is made from its neighbours, with Pillow's names and definitions.
 *
 * <p>All but {@link #NEAREST} widen their support when an image shrinks (antialiasing).
 */
public enum Resampling {
    /** The one pixel under the centre. */
    NEAREST(0, 0),
    /** Windowed sinc with three lobes. */
    LANCZOS(1, 3),
    /** Linear interpolation (a triangle). */
    BILINEAR(2, 1),
    /** Cubic convolution with {@code a = -0.5}. */
    BICUBIC(3, 2),
    /** The mean of the pixels below. */
    BOX(4, 0.5),
    /** Hamming-windowed sinc, as sharp as bicubic at the cost of bilinear. */
    HAMMING(5, 1);

    private final int code;
    private final double support;

    Resampling(int code, double support) {
        this.code = code;
        this.support = support;
    }

    /**
     * Returns the filter that {@code preprocessor_config.json} and Pillow write as this number.
     *
     * @throws IllegalArgumentException if there is none, outside 0 to 5
     */
    public static Resampling ofCode(int code) {
        for (Resampling filter : values()) {
            if (filter.code == code) {
                return filter;
            }
        }
        throw new IllegalArgumentException("Unknown resampling filter " + code
                + "; 0 is nearest, 1 Lanczos, 2 bilinear, 3 bicubic, 4 box, 5 Hamming.");
    }

    /** The number in {@code preprocessor_config.json}, which is Pillow's. */
    public int code() {
        return code;
    }

    /** Half the width of the filter, in pixels of the coarser image. */
    double support() {
        return support;
    }

    /** The filter's weight at a distance from the centre. */
    double weight(double distance) {
        double x = Math.abs(distance);
        return switch (this) {
            case NEAREST -> throw new IllegalStateException("Nearest has no weights.");
            case BOX -> distance > -0.5 && distance <= 0.5 ? 1 : 0;
            case BILINEAR -> x < 1 ? 1 - x : 0;
            case HAMMING -> x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(x * Math.PI));
            case BICUBIC -> bicubic(x);
            case LANCZOS -> x < 3 || distance == -3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double bicubic(double x) {
        double a = -0.5;
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    private static double sinc(double x) {
        if (x == 0) {
            return 1;
        }
        double angle = x * Math.PI;
        return Math.sin(angle) / angle;
    }
}
