package dev.tailor.examples.bench;

import java.util.Locale;

/** How far a result is from the expected one: the largest difference as a part of the largest number, and the cosine. */
record Difference(double largest, double cosine) {
    private static final double TOLERANCE = 1e-3;

    static Difference of(float[] found, float[] expected) {
        if (found.length != expected.length) {
            return new Difference(Double.NaN, Double.NaN);
        }
        double difference = 0;
        double greatest = 0;
        double product = 0;
        double ownSquares = 0;
        double squares = 0;
        for (int i = 0; i < found.length; i++) {
            difference = Math.max(difference, Math.abs((double) found[i] - expected[i]));
            greatest = Math.max(greatest, Math.abs(expected[i]));
            product += (double) found[i] * expected[i];
            ownSquares += (double) found[i] * found[i];
            squares += (double) expected[i] * expected[i];
        }
        return new Difference(difference / greatest, product / Math.sqrt(ownSquares * squares));
    }

    /** Whether both computed the same; 16-bit floats and integers need only point the same way. */
    void require(boolean exact, String what) {
        boolean same = exact ? largest < TOLERANCE : cosine > 0.95;
        if (!same) {
            throw new IllegalStateException(what + " does not compute what ONNX Runtime does: " + this
                    + ", allowed is a difference of " + TOLERANCE + " in 32-bit floats, else a cosine of 0.95");
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1e, cosine %.5f", largest, cosine);
    }
}
