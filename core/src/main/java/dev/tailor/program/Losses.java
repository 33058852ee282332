package dev.tailor.program;

import java.util.ArrayList;
import java.util.List;

/**
 * Losses of classifiers and regressions over the output {@code logits}, as PyTorch computes them; targets come as the input
 * {@code labels}.
 */
public final class Losses {
    /** The name of the input. */
    public static final String LABELS = "labels";
    /** The name of the input with the first token of each answer. */
    public static final String STARTS = "start_positions";
    /** The name of the input with the last token of each answer. */
    public static final String ENDS = "end_positions";
    /** The class id of positions that do not count, such as padding. */
    public static final int IGNORED = -100;

    private static final double TINY = 1e-12;

    private Losses() {}

    /** Mean cross entropy; see {@link #crossEntropy(double, List, double)}. */
    public static Objective crossEntropy() {
        return crossEntropy(0, List.of(), 0);
    }

    /**
     * Mean cross entropy of logits {@code [..., classes]} against class ids of the leading axes; ids of {@link #IGNORED} do not
     * count. As {@code torch.nn.functional.cross_entropy}; focal after Lin et al. 2017, arXiv 1708.02002.
     *
     * @param smoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param classWeights one weight for each class, or empty for equal ones; the mean is weighted as well
     * @param gamma how much the loss turns away from what is already right: factor {@code (1 - p)^gamma}; 0 for none
     */
    public static Objective crossEntropy(double smoothing, List<Double> classWeights, double gamma) {
        return (scope, outputs) -> {
            Value logits = Objective.output(outputs, "logits");
            Value labels = scope.input(LABELS, Kind.INTEGER, leading(logits).toArray());
            return crossEntropy(scope, logits, labels, smoothing, classWeights, gamma);
        };
    }

    /**
     * Mean cross entropy over the pixels of pictures: logits {@code [batch, classes, rows, columns]} are interpolated to the size of
     * the class ids {@code [batch, height, width]}. As transformers' models for semantic segmentation; see {@link
     * #crossEntropy(double, List, double)} for the rest.
     */
    public static Objective pixelCrossEntropy(double smoothing, List<Double> classWeights, double gamma) {
        return (scope, outputs) -> {
            Value logits = Objective.output(outputs, "logits");
            Value labels = scope.input(LABELS, Kind.INTEGER, logits.size(0), "label_height", "label_width");
            Op.Resize2d resize = new Op.Resize2d(Op.Resize2d.Mode.BILINEAR, labels.size(1), labels.size(2), false);
            Value pixels = logits.resize2d(resize).permute(0, 2, 3, 1);
            return crossEntropy(scope, pixels, labels, smoothing, classWeights, gamma);
        };
    }

    /** The same over any logits and class ids. */
    public static Value crossEntropy(
            Scope scope, Value logits, Value labels, double smoothing, List<Double> classWeights, double gamma) {
        Value counts = labels.scalar(Op.Binary.Function.NOT_EQUAL, IGNORED);
        // What is ignored looks up class 0 and then weighs nothing; other negative ids stay and are refused.
        Value ids = labels.where(counts, labels.mul(0));
        Value logs = logits.logSoftmax(-1);
        Value right = logs.gather(-1, ids.unsqueeze(-1)).reshape(labels.shape());
        Value weight = counts.cast(Kind.FLOAT);
        Value shares = null;
        if (!classWeights.isEmpty()) {
            shares = scope.numbers(classWeights);
            Value table = shares.reshape(classWeights.size(), 1);
            weight = weight.mul(scope.embedding(ids, table).reshape(labels.shape()));
        }
        Value all = total(weight).scalar(Op.Binary.Function.MAXIMUM, TINY);
        Value each = right.mul(-1);
        if (gamma > 0) {
            Value missing = right.apply(Op.Unary.Function.EXP).mul(-1).add(1).scalar(Op.Binary.Function.MAXIMUM, TINY);
            each = each.mul(missing.scalar(Op.Binary.Function.POWER, gamma));
        }
        Value loss = total(each.mul(weight)).div(all);
        if (smoothing == 0) {
            return loss;
        }
        Value spread = (shares == null ? logs : logs.mul(shares)).sum(false, -1).mul(-1);
        Value smooth = total(spread.mul(counts.cast(Kind.FLOAT))).div(all);
        return loss.mul(1 - smoothing)
                .add(smooth.mul(smoothing / logits.size(-1).constant()));
    }

    /**
     * Mean cross entropy of logits {@code [batch, classes]} against shares of the classes, a float input of the same shape whose
     * rows sum to 1: targets that were mixed. As {@code torch.nn.functional.cross_entropy} with probabilities; the mean is over
     * the examples, not weighted.
     *
     * @param smoothing share of the target spread over all classes, in {@code [0, 1)}
     * @param classWeights one weight for each class, or empty for equal ones
     */
    public static Objective softCrossEntropy(double smoothing, List<Double> classWeights) {
        return (scope, outputs) -> {
            Value logits = Objective.output(outputs, "logits");
            Value shares = scope.input(LABELS, Kind.FLOAT, logits.shape().toArray());
            if (smoothing > 0) {
                shares = shares.mul(1 - smoothing)
                        .add(shares.mul(0)
                                .add(1)
                                .mul(smoothing / logits.size(-1).constant()));
            }
            Value each = logits.logSoftmax(-1).mul(shares);
            if (!classWeights.isEmpty()) {
                each = each.mul(scope.numbers(classWeights));
            }
            return mean(each.sum(false, -1)).mul(-1);
        };
    }

    /** Mean binary cross entropy of every logit against labels of 0 and 1 of the same shape: several labels may hold at once. */
    public static Objective binaryCrossEntropy() {
        return (scope, outputs) -> {
            Value logits = Objective.output(outputs, "logits");
            Value labels = scope.input(LABELS, Kind.FLOAT, logits.shape().toArray());
            // max(x, 0) - x y + log(1 + exp(-|x|))
            Value rest = logits.apply(Op.Unary.Function.ABS).mul(-1).apply(Op.Unary.Function.SOFTPLUS);
            return mean(logits.relu().sub(logits.mul(labels)).add(rest));
        };
    }

    /**
     * The mean of two cross entropies: of the outputs {@code start_logits} and {@code end_logits}, {@code [batch, length]}, against
     * the inputs {@link #STARTS} and {@link #ENDS}, the tokens with which answers begin and end.
     */
    public static Objective span() {
        return (scope, outputs) -> {
            Value starts = Objective.output(outputs, "start_logits");
            Value ends = Objective.output(outputs, "end_logits");
            Value first = scope.input(STARTS, Kind.INTEGER, starts.size(0));
            Value last = scope.input(ENDS, Kind.INTEGER, starts.size(0));
            return crossEntropy(scope, starts, first, 0, List.of(), 0)
                    .add(crossEntropy(scope, ends, last, 0, List.of(), 0))
                    .mul(0.5);
        };
    }

    /** Mean squared difference between the logits and labels of the same shape. */
    public static Objective squaredError() {
        return (scope, outputs) -> {
            Value logits = Objective.output(outputs, "logits");
            Value labels = scope.input(LABELS, Kind.FLOAT, logits.shape().toArray());
            return mean(logits.sub(labels).scalar(Op.Binary.Function.POWER, 2));
        };
    }

    private static List<Size> leading(Value logits) {
        return new ArrayList<>(logits.shape().subList(0, logits.rank() - 1));
    }

    /** The sum over all axes. */
    public static Value total(Value x) {
        return x.sum(false, axes(x));
    }

    /** The mean over all axes. */
    public static Value mean(Value x) {
        return x.mean(false, axes(x));
    }

    private static int[] axes(Value x) {
        int[] axes = new int[x.rank()];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = i;
        }
        return axes;
    }
}
