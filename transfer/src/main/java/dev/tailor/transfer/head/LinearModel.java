package dev.tailor.transfer.head;

/**
 * Scores that are a linear function of the vector: what a network's classifier computes.
 *
 * @param width components of a vector
 * @param weight {@code [classes, width]}, row-major; must not be changed
 * @param bias one for each class; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent")
public record LinearModel(int width, double[] weight, double[] bias) implements VectorModel {
    @Override
    public int classes() {
        return bias.length;
    }

    @Override
    public double[] scores(Rows rows, int row) {
        double[] scores = bias.clone();
        for (int c = 0; c < scores.length; c++) {
            scores[c] += rows.dot(row, weight, c * width);
        }
        return scores;
    }
}
