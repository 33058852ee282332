package dev.tailor.program;

import java.util.List;
import java.util.Map;

/**
 * Losses over vectors of texts, as sentence-transformers computes them. Token states come as the output
 * {@code last_hidden_state}; further inputs say what each token counts, which row is which text of an example, and the targets.
 */
public final class EmbeddingLosses {
    /** Which row holds the first text of each example: ones and zeros, {@code [examples, rows]}. */
    public static final String ANCHORS = "anchors";
    /** The same for the text that is like it. */
    public static final String POSITIVES = "positives";
    /** The same for the text that is not. */
    public static final String NEGATIVES = "negatives";

    private static final double TINY = 1e-12;
    private static final double DISTANCE_TERM = 1e-6;

    private final String weights;
    private final String normalized;

    /**
     * Names the inputs for pooling.
     *
     * @param weights the input with what each token counts, {@code [rows, length]}
     * @param normalized the input with 1 where vectors are brought to length 1, else 0
     */
    public EmbeddingLosses(String weights, String normalized) {
        this.weights = weights;
        this.normalized = normalized;
    }

    /**
     * Cross entropy over the cosines of each anchor with all positives of the batch ({@code MultipleNegativesRankingLoss}).
     *
     * @param scale the factor of the cosines; 20 in the reference
     */
    public Objective ranking(double scale) {
        return (scope, outputs) -> {
            Value vectors = vectors(scope, outputs);
            Value anchors = unit(pick(scope, ANCHORS, vectors));
            Value positives = unit(pick(scope, POSITIVES, vectors));
            Value scores = anchors.matmul(positives.transpose(0, 1)).mul(scale);
            Value own = scope.input(Losses.LABELS, Kind.INTEGER, scores.size(0));
            return Losses.crossEntropy(scope, scores, own, 0, List.of(), 0);
        };
    }

    /** Mean squared difference of cosines and scores ({@code CosineSimilarityLoss}). */
    public Objective cosine() {
        return (scope, outputs) -> {
            Value vectors = vectors(scope, outputs);
            Value anchors = unit(pick(scope, ANCHORS, vectors));
            Value cosines = anchors.mul(unit(pick(scope, POSITIVES, vectors))).sum(false, 1);
            Value scores = scope.input(Losses.LABELS, Kind.FLOAT, cosines.size(0), 1);
            return Losses.mean(cosines.sub(scores.reshape(cosines.shape())).scalar(Op.Binary.Function.POWER, 2));
        };
    }

    /**
     * By how much the negative is not farther than the positive and the margin, by Euclidean distance ({@code TripletLoss}).
     *
     * @param margin 5 in the reference
     */
    public Objective triplet(double margin) {
        return (scope, outputs) -> {
            Value vectors = vectors(scope, outputs);
            Value anchors = pick(scope, ANCHORS, vectors);
            Value near = distance(anchors, pick(scope, POSITIVES, vectors));
            Value far = distance(anchors, pick(scope, NEGATIVES, vectors));
            return Losses.mean(near.sub(far).add(margin).relu());
        };
    }

    private Value vectors(Scope scope, Map<String, Value> outputs) {
        Value states = Objective.output(outputs, "last_hidden_state");
        Value counts = scope.input(weights, Kind.FLOAT, states.size(0), states.size(1));
        Value pooled = states.mul(counts.unsqueeze(-1)).sum(false, 1);
        Value flag = scope.input(normalized, Kind.FLOAT, 1);
        return unit(pooled).mul(flag).add(pooled.mul(flag.mul(-1).add(1)));
    }

    private static Value pick(Scope scope, String name, Value vectors) {
        return scope.input(name, Kind.FLOAT, "examples", vectors.size(0)).matmul(vectors);
    }

    private static Value unit(Value x) {
        Value norm = x.mul(x).sum(true, 1).scalar(Op.Binary.Function.MAXIMUM, TINY * TINY);
        return x.mul(norm.apply(Op.Unary.Function.RSQRT));
    }

    private static Value distance(Value a, Value b) {
        Value difference = a.sub(b).add(DISTANCE_TERM);
        return difference.mul(difference).sum(false, 1).apply(Op.Unary.Function.SQRT);
    }
}
