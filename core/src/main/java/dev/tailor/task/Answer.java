package dev.tailor.task;

import java.util.Locale;

/**
 * A stretch of a context that answers a question.
 *
 * @param text the answer; empty where the context holds none
 * @param score its probability; the sum over the spans that give the same words
 * @param start where it begins in the context: an index of Java's {@code String}, in UTF-16 units
 * @param end where it ends, exclusive
 */
public record Answer(String text, double score, int start, int end) {
    /** Nothing was found. */
    public static Answer none(double score) {
        return new Answer("", score, 0, 0);
    }

    /** Whether there is no answer. */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.4f [%d, %d)", text, score, start, end);
    }
}
