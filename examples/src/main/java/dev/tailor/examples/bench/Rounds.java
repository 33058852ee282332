package dev.tailor.examples.bench;

import java.util.List;

/** Times several sides in turns. */
record Rounds(int count) {
    /** A round repeats a call for about this long, so that the clock and a passing disturbance matter little. */
    private static final double ROUND_NANOS = 60e6;

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
                // One call aside: threads of the side before may still spin.
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

    private static double time(Contender side, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            side.run();
        }
        return (System.nanoTime() - start) / 1e6 / calls;
    }
}
