package dev.tailor.task;

import java.util.Locale;

/**
 * A label with its score.
 *
 * @param label the label
 * @param score a probability in {@code [0, 1]}, or a bare output of a regression
 */
public record Score(String label, double score) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.4f", label, score);
    }
}
