package dev.tailor.examples.bench;

import java.util.Arrays;
import java.util.Locale;

/** Milliseconds per call, one value a round: the median and the quartiles. */
record Quartiles(double lower, double median, double upper) {

    /** Summarises the rounds, with values between two of them by interpolation. */
    static Quartiles of(double... rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    private static double at(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f - %.2f)", median, lower, upper);
    }
}
