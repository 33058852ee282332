package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.transfer.head.FeatureHead;
import dev.tailor.transfer.head.LinearModel;
import dev.tailor.transfer.head.VectorModel;
import dev.tailor.transfer.task.LossOptions;
import dev.tailor.transfer.train.EpochReport;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A head that is computed from all features at once, and how well it does on them.
 *
 * @param model on standardized features
 */
record DirectHead(VectorModel model, EpochReport report) {
    private static final double LEAST = 1e-30;

    static DirectHead fit(
            FeatureHead.Direct head,
            FeatureCache train,
            FeatureCache validation,
            int classes,
            LossOptions loss,
            List<Double> classWeights,
            String id) {
        if (loss.smoothing() > 0 || loss.gamma() > 0) {
            throw new TailorException(id + ": label smoothing and focal loss are for heads that are"
                    + " trained step by step, not for " + head + "; use FeatureHead.linear() or leave them out");
        }
        if (!classWeights.isEmpty() && !head.takesWeights()) {
            throw new TailorException(id + ": " + head + " takes no weights of classes; use"
                    + " FeatureHead.logisticRegression() or FeatureHead.linear(), or leave them out");
        }
        int[] labels = ids(train);
        if (classes < 2 || Arrays.stream(labels).anyMatch(l -> l < 0)) {
            throw new TailorException(id + ": " + head + " needs one class for each example; use FeatureHead.linear()");
        }
        double[] weights = new double[classes];
        Arrays.setAll(weights, c -> classWeights.isEmpty() ? 1 : classWeights.get(c));
        VectorModel model = classWeights.isEmpty()
                ? head.fit(train.features(), labels, classes)
                : head.fit(train.features(), labels, classes, weights);
        double[] seen = measure(model, train, weights);
        double[] held = measure(model, validation, weights);
        return new DirectHead(model, new EpochReport(1, 1, seen[0], held[0], "accuracy", held[1]));
    }

    private static int[] ids(FeatureCache cache) {
        return Arrays.stream(cache.labels()).mapToInt(Math::toIntExact).toArray();
    }

    /** The mean loss, in which classes weigh, and the accuracy; NaN without examples. */
    private static double[] measure(VectorModel model, FeatureCache cache, double[] weights) {
        int[] labels = ids(cache);
        double[][] each = IntStream.range(0, labels.length)
                .parallel()
                .mapToObj(i -> {
                    float[] probabilities = model.probabilities(cache.features(), i);
                    int best = 0;
                    for (int c = 1; c < probabilities.length; c++) {
                        best = probabilities[c] > probabilities[best] ? c : best;
                    }
                    double loss = -Math.log(Math.max(probabilities[labels[i]], LEAST));
                    return new double[] {weights[labels[i]] * loss, best == labels[i] ? 1 : 0};
                })
                .toArray(double[][]::new);
        double loss = 0;
        double right = 0;
        for (double[] one : each) {
            loss += one[0];
            right += one[1];
        }
        double sum = Arrays.stream(labels).mapToDouble(l -> weights[l]).sum();
        return new double[] {loss / sum, right / labels.length};
    }

    /** The layer's values for a network, on features as they are. */
    static Map<String, float[]> weights(LinearModel model, HeadModel heads, Standardizer standardizer) {
        float[] weight = floats(model.weight());
        float[] bias = floats(model.bias());
        standardizer.fold(weight, bias);
        return Map.of(heads.weight(), weight, heads.bias(), bias);
    }

    private static float[] floats(double[] values) {
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }
}
