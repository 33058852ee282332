package dev.tailor.examples.bench;

import java.util.Arrays;
import java.util.Locale;

/** Milliseconds per call, one value a round. */
record Sample(double median, double fastest, double slowest) {

    /** Summarises the rounds. */
    static Sample of(double... rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Sample(median, sorted[0], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%8.2f (%.2f - %.2f)", median, fastest, slowest);
    }
}
