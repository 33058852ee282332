package dev.tailor.examples.bench;

import java.util.List;

/** Times several sides in turns. */
record Rounds(int count) {
    /** A round repeats a call for about this long, so that the clock and a passing disturbance matter little. */
    private static final double ROUND_NANOS = 60e6;

    private static final long REST_MILLIS = 100;

    /** Milliseconds a call, for each side. */
    Quartiles[] time(List<Contender> sides) {
        int[] calls = new int[sides.size()];
        for (int i = 0; i < calls.length; i++) {
            calls[i] = calls(sides.get(i));
        }
        double[][] times = new double[sides.size()][count];
        for (int round = 0; round < count; round++) {
            for (int i = 0; i < calls.length; i++) {
                // Who goes first changes, so that nobody always finds the same one's data in the caches.
                int side = (i + round) % calls.length;
                rest();
                sides.get(side).run();
                times[side][round] = time(sides.get(side), calls[side]);
            }
        }
        Quartiles[] result = new Quartiles[sides.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = Quartiles.of(times[i]);
        }
        return result;
    }

    /** Warms up, and says how many calls fill a round. */
    private static int calls(Contender side) {
        double millis = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            millis = Math.min(millis, time(side, 1));
        }
        int calls = (int) Math.max(1, Math.min(1000, ROUND_NANOS / 1e6 / millis));
        time(side, calls);
        return calls;
    }

    /** Threads of the side before spin for a while when it is done, and would take a core from the next one. */
    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the benchmark was interrupted", e);
        }
    }

    private static double time(Contender side, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            side.run();
        }
        return (System.nanoTime() - start) / 1e6 / calls;
    }
}
