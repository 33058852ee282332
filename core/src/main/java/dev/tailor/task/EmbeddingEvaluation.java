package dev.tailor.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How well vectors of texts tell likeness. Of scored pairs: the correlations of score and similarity, Spearman's first. Of
 * triplets: the share in which the positive is nearer than the negative. Of positives: the share of texts whose nearest one among
 * all positives is their own, and the mean reciprocal rank.
 *
 * @param metrics by name, the score first
 * @param size how many examples
 */
public record EmbeddingEvaluation(Map<String, Double> metrics, int size) implements Evaluation {

    /** Copies the metrics. */
    public EmbeddingEvaluation {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /** Of pairs with scores. */
    public static EmbeddingEvaluation ofScores(double[] truth, double[] similarities) {
        Correlation correlation = Correlation.of(truth, similarities);
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("spearman", correlation.spearman());
        metrics.put("pearson", correlation.pearson());
        return new EmbeddingEvaluation(metrics, truth.length);
    }

    /** Of triplets, from the similarities to the positives and to the negatives. */
    public static EmbeddingEvaluation ofTriplets(double[] positive, double[] negative) {
        int right = 0;
        for (int i = 0; i < positive.length; i++) {
            right += positive[i] > negative[i] ? 1 : 0;
        }
        return new EmbeddingEvaluation(Map.of("accuracy", (double) right / positive.length), positive.length);
    }

    /**
     * Of positives, from the rank of each text's own among all, 1 being the nearest.
     *
     * @param ranks at least one
     */
    public static EmbeddingEvaluation ofRanks(List<Integer> ranks) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("accuracy_at_1", ranks.stream().filter(r -> r == 1).count() / (double) ranks.size());
        metrics.put("mrr", ranks.stream().mapToDouble(r -> 1.0 / r).average().orElseThrow());
        return new EmbeddingEvaluation(metrics, ranks.size());
    }

    @Override
    public double score() {
        return metrics.values().iterator().next();
    }

    /** For people, in one line. */
    @Override
    public String toString() {
        return metrics.entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", "))
                + " (" + size + " examples)";
    }
}
