package dev.tailor.task;

import java.util.Locale;

/**
 * A rectangle in a picture, in its pixels: the left upper corner of the picture is 0, 0 and its right lower corner {@code width,
 * height}. A network may place parts of a box outside of the picture.
 *
 * @param left the smallest x
 * @param top the smallest y
 * @param right the largest x
 * @param bottom the largest y
 */
public record Box(double left, double top, double right, double bottom) {

    /** From left to right, in pixels. */
    public double width() {
        return right - left;
    }

    /** From top to bottom, in pixels. */
    public double height() {
        return bottom - top;
    }

    /** Width times height; 0 if one of them is negative. */
    public double area() {
        return Math.max(width(), 0) * Math.max(height(), 0);
    }

    /** The shared area by the joint area, from 0 (apart) to 1 (the same); 0 for two empty boxes. */
    public double intersectionOverUnion(Box other) {
        double shared = Math.max(Math.min(right, other.right) - Math.max(left, other.left), 0)
                * Math.max(Math.min(bottom, other.bottom) - Math.max(top, other.top), 0);
        double joint = area() + other.area() - shared;
        return joint > 0 ? shared / joint : 0;
    }

    /** The part that lies within a picture of this size. */
    public Box within(int width, int height) {
        return new Box(
                Math.min(Math.max(left, 0), width),
                Math.min(Math.max(top, 0), height),
                Math.min(Math.max(right, 0), width),
                Math.min(Math.max(bottom, 0), height));
    }

    /** Left, top, right and bottom, such as {@code (12.0, 7.5, 90.1, 64.0)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "(%.1f, %.1f, %.1f, %.1f)", left, top, right, bottom);
    }
}
