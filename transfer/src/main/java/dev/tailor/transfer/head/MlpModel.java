package dev.tailor.transfer.head;

/**
 * Two linear layers with a ReLU between.
 *
 * @param hidden the first layer
 * @param output the second
 */
public record MlpModel(LinearModel hidden, LinearModel output) implements VectorModel {
    @Override
    public int classes() {
        return output.classes();
    }

    @Override
    public double[] scores(Rows rows, int row) {
        double[] inner = hidden.scores(rows, row);
        float[] active = new float[inner.length];
        for (int i = 0; i < inner.length; i++) {
            active[i] = (float) Math.max(0, inner[i]);
        }
        return output.scores(Rows.of(active), 0);
    }
}
