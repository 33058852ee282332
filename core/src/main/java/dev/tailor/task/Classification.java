package dev.tailor.task;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Labels for one input.
 *
 * @param scores all labels, best first
 * @param truncated whether the input was longer than the model reads, so that its end did not count
 */
public record Classification(List<Score> scores, boolean truncated) {

    /** Sorts, best first; equal scores keep their order. */
    public Classification {
        scores = scores.stream()
                .sorted(Comparator.comparingDouble(Score::score).reversed())
                .toList();
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("a classification needs at least one label");
        }
    }

    /** The best label with its score. */
    public Score best() {
        return scores.get(0);
    }

    /** The best label. */
    public String label() {
        return best().label();
    }

    /** The best {@code k} labels, or all if there are fewer. */
    public List<Score> top(int k) {
        return scores.subList(0, Math.min(k, scores.size()));
    }

    /**
     * The score of a label.
     *
     * @throws IllegalArgumentException if the model has no such label
     */
    public double score(String label) {
        return scores.stream()
                .filter(s -> s.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no label \"" + label + "\"; there are "
                        + scores.stream().map(Score::label).toList()))
                .score();
    }

    /** The five best labels, such as {@code POSITIVE 0.9998, NEGATIVE 0.0002}. */
    @Override
    public String toString() {
        String shown = top(5).stream().map(Score::toString).collect(Collectors.joining(", "));
        return shown + (truncated ? " (input truncated)" : "");
    }
}
