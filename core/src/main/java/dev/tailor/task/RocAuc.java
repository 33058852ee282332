package dev.tailor.task;

import java.util.Arrays;

/** The area under the receiver operating characteristic curve, from ranks (Mann and Whitney); equal scores count half. */
final class RocAuc {
    private RocAuc() {}

    /** Of scores from 0 to 1; {@code NaN} where there are no positive examples or no negative ones. */
    static double of(boolean[] positive, float[] scores) {
        // The bits of floats from 0 on are in the floats' own order; -0 would not be.
        long[] keys = new long[scores.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (long) Float.floatToIntBits(scores[i] + 0f) << 1 | (positive[i] ? 1 : 0);
        }
        Arrays.sort(keys);
        double above = 0;
        long negatives = 0;
        long positives = 0;
        for (int from = 0; from < keys.length; ) {
            long equalPositives = 0;
            int to = from;
            while (to < keys.length && keys[to] >> 1 == keys[from] >> 1) {
                equalPositives += keys[to++] & 1;
            }
            long equalNegatives = to - from - equalPositives;
            above += equalPositives * (negatives + equalNegatives / 2.0);
            negatives += equalNegatives;
            positives += equalPositives;
            from = to;
        }
        return positives == 0 || negatives == 0 ? Double.NaN : above / ((double) positives * negatives);
    }

    /** The mean over the classes that have positive and negative examples. */
    static double macro(boolean[][] positive, float[][] rows, int classes) {
        double sum = 0;
        int defined = 0;
        boolean[] own = new boolean[rows.length];
        float[] scores = new float[rows.length];
        for (int c = 0; c < classes; c++) {
            for (int i = 0; i < rows.length; i++) {
                own[i] = positive[i][c];
                scores[i] = rows[i][c];
            }
            double area = of(own, scores);
            if (!Double.isNaN(area)) {
                sum += area;
                defined++;
            }
        }
        return defined == 0 ? Double.NaN : sum / defined;
    }
}
