package dev.tailor.zoo.nn;

/** How families of mobile networks scale their numbers of channels. */
public final class Widths {
    private static final double USUAL_LIMIT = 0.9;

    private Widths() {}

    /** The multiple of 8 nearest to a width, but not below 90 % of it. */
    public static long divisible(double width) {
        return divisible(width, 8, USUAL_LIMIT);
    }

    /**
     * The multiple of a divisor nearest to a width, at least the divisor and not below a part of the width.
     *
     * @param limit the part, such as 0.9; 0 for none
     */
    public static long divisible(double width, long divisor, double limit) {
        long rounded = Math.max(divisor, (long) (width + divisor / 2.0) / divisor * divisor);
        return rounded < limit * width ? rounded + divisor : rounded;
    }
}
