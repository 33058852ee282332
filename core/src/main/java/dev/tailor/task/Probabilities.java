package dev.tailor.task;

/** What follows from the probabilities of one evaluation. Keeps two numbers an example, not the probabilities. */
final class Probabilities {
    /** scikit-learn's log_loss clips at the machine epsilon of the input's type. */
    private static final double EPSILON = Math.ulp(1f);

    private final int[] predicted;
    /** The place of the true class among all, the likeliest being 0. */
    private final int[] ranks;

    private final double logLoss;

    private Probabilities(int[] predicted, int[] ranks, double logLoss) {
        this.predicted = predicted;
        this.ranks = ranks;
        this.logLoss = logLoss;
    }

    static Probabilities of(int[] truth, float[][] rows, int classes) {
        int[] predicted = new int[rows.length];
        int[] ranks = new int[rows.length];
        double loss = 0;
        for (int i = 0; i < rows.length; i++) {
            float[] row = rows[i];
            check(row, i, classes);
            float own = row[truth[i]];
            for (int c = 0; c < classes; c++) {
                if (row[c] > row[predicted[i]]) {
                    predicted[i] = c;
                }
                if (row[c] > own || (row[c] == own && c < truth[i])) {
                    ranks[i]++;
                }
            }
            loss -= Math.log(Math.max(EPSILON, Math.min(1 - EPSILON, own)));
        }
        return new Probabilities(predicted, ranks, loss / rows.length);
    }

    int[] predicted() {
        return predicted;
    }

    double logLoss() {
        return logLoss;
    }

    double topAccuracy(int k) {
        int hits = 0;
        for (int rank : ranks) {
            if (rank < k) {
                hits++;
            }
        }
        return (double) hits / ranks.length;
    }

    private static void check(float[] row, int example, int classes) {
        if (row.length != classes) {
            throw new IllegalArgumentException("Example " + example + " has " + row.length
                    + " probabilities, but there are " + classes + " labels");
        }
        for (float p : row) {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException("Example " + example + " has the probability " + p
                        + "; expected 0 to 1. Were scores passed without softmax?");
            }
        }
    }
}
