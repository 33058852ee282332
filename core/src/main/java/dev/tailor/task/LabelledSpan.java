package dev.tailor.task;

/**
 * A stretch of a text with its label, as annotation tools write them.
 *
 * @param start where it begins: an index of Java's {@code String}, in UTF-16 units
 * @param end where it ends, exclusive
 * @param label such as {@code person}, without a prefix
 */
public record LabelledSpan(int start, int end, String label) {
    /** Refuses empty stretches and labels. */
    public LabelledSpan {
        if (start < 0 || end <= start || label.isBlank()) {
            throw new IllegalArgumentException("a span needs a label and at least one character, found \"" + label
                    + "\" at " + start + " to " + end);
        }
    }
}
