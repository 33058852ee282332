package dev.tailor.task;

/** What follows from the probabilities of one evaluation. Keeps two numbers an example and a few sums, not the probabilities. */
final class Probabilities {
    /** scikit-learn's log_loss clips at the machine epsilon of the input's type. */
    private static final double EPSILON = Math.ulp(1f);

    private static final int BINS = 15;

    private final int[] predicted;
    /** The place of the true class among all, the likeliest being 0. */
    private final int[] ranks;

    private final double logLoss;
    private final double rocAuc;
    private final double calibrationError;

    private Probabilities(int[] predicted, int[] ranks, double logLoss, double rocAuc, double calibrationError) {
        this.predicted = predicted;
        this.ranks = ranks;
        this.logLoss = logLoss;
        this.rocAuc = rocAuc;
        this.calibrationError = calibrationError;
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
        return new Probabilities(
                predicted,
                ranks,
                loss / rows.length,
                area(truth, rows, classes),
                calibrationError(truth, rows, predicted));
    }

    /** Of two classes the second one's; else the mean of each against the rest. */
    private static double area(int[] truth, float[][] rows, int classes) {
        boolean[][] own = new boolean[rows.length][];
        int first = classes == 2 ? 1 : 0;
        float[][] scores = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            own[i] = new boolean[classes - first];
            if (truth[i] >= first) {
                own[i][truth[i] - first] = true;
            }
            scores[i] = first == 0 ? rows[i] : new float[] {rows[i][1]};
        }
        return RocAuc.macro(own, scores, classes - first);
    }

    private static double calibrationError(int[] truth, float[][] rows, int[] predicted) {
        double[] gaps = new double[BINS];
        for (int i = 0; i < rows.length; i++) {
            double confidence = rows[i][predicted[i]];
            // Bins are open at the left and closed at the right.
            int bin = Math.max(0, (int) Math.ceil(confidence * BINS) - 1);
            gaps[bin] += (predicted[i] == truth[i] ? 1 : 0) - confidence;
        }
        double sum = 0;
        for (double gap : gaps) {
            sum += Math.abs(gap);
        }
        return sum / rows.length;
    }

    int[] predicted() {
        return predicted;
    }

    double logLoss() {
        return logLoss;
    }

    double rocAuc() {
        return rocAuc;
    }

    double calibrationError() {
        return calibrationError;
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
