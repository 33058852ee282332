package dev.tailor.transfer;

/**
 * Brings features to mean 0 and deviation 1, so that one learning rate suits every network, and folds the change into the
 * linear layer that was trained on them.
 *
 * @param mean of each feature over the training data
 * @param scale one over the deviation; 0 for a feature that never changes, which then has no weight
 */
record Standardizer(float[] mean, float[] scale) {

    static Standardizer of(float[][] features) {
        int width = features[0].length;
        double[] sum = new double[width];
        double[] squares = new double[width];
        for (float[] row : features) {
            for (int i = 0; i < width; i++) {
                sum[i] += row[i];
            }
        }
        for (float[] row : features) {
            for (int i = 0; i < width; i++) {
                double difference = row[i] - sum[i] / features.length;
                squares[i] += difference * difference;
            }
        }
        float[] mean = new float[width];
        float[] scale = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sum[i] / features.length);
            double deviation = Math.sqrt(squares[i] / features.length);
            scale[i] = deviation < 1e-6 ? 0 : (float) (1 / deviation);
        }
        return new Standardizer(mean, scale);
    }

    FeatureCache apply(FeatureCache cache) {
        float[][] rows = new float[cache.features().length][mean.length];
        for (int r = 0; r < rows.length; r++) {
            for (int i = 0; i < mean.length; i++) {
                rows[r][i] = (cache.features()[r][i] - mean[i]) * scale[i];
            }
        }
        return new FeatureCache(rows, cache.labels(), cache.values());
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
