package dev.tailor.transfer;

/**
 * Brings features to mean 0 and deviation 1, so that one learning rate suits every network, and folds the change into the
 * linear layer that was trained on them.
 *
 * @param mean of each feature over the training data
 * @param scale one over the deviation; 0 for a feature that never changes, which then has no weight
 */
record Standardizer(float[] mean, float[] scale) {

    static Standardizer of(FeatureRows rows) {
        int width = rows.width();
        double[] sum = new double[width];
        double[] squares = new double[width];
        for (int r = 0; r < rows.size(); r++) {
            rows.addTo(r, 1, sum, 0);
        }
        float[] row = new float[width];
        for (int r = 0; r < rows.size(); r++) {
            rows.get(r, row, 0);
            for (int i = 0; i < width; i++) {
                double difference = row[i] - sum[i] / rows.size();
                squares[i] += difference * difference;
            }
        }
        float[] mean = new float[width];
        float[] scale = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sum[i] / rows.size());
            double deviation = Math.sqrt(squares[i] / rows.size());
            scale[i] = deviation < 1e-6 ? 0 : (float) (1 / deviation);
        }
        return new Standardizer(mean, scale);
    }

    /** Changes all rows in place. */
    void apply(FeatureRows rows) {
        float[] row = new float[mean.length];
        for (int r = 0; r < rows.size(); r++) {
            rows.get(r, row, 0);
            apply(row, 0);
            rows.set(r, row);
        }
    }

    /** Changes one row in place. */
    void apply(float[] values, int offset) {
        for (int i = 0; i < mean.length; i++) {
            values[offset + i] = (values[offset + i] - mean[i]) * scale[i];
        }
    }

    /** Changes {@code W x' + b} on standardized features into the same function of the features as they are. */
    void fold(float[] weight, float[] bias) {
        int width = mean.length;
        for (int o = 0; o < bias.length; o++) {
            double shift = 0;
            for (int i = 0; i < width; i++) {
                float folded = weight[o * width + i] * scale[i];
                weight[o * width + i] = folded;
                shift += (double) folded * mean[i];
            }
            bias[o] -= (float) shift;
        }
    }
}
