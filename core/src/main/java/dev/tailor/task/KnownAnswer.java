package dev.tailor.task;

/**
 * A right answer to a question: a stretch of its context, as SQuAD has them.
 *
 * @param text the answer; not empty
 * @param start where it begins in the context: an index of Java's {@code String}, in UTF-16 units
 */
public record KnownAnswer(String text, int start) {
    /** Refuses empty answers; a question without any has an empty list. */
    public KnownAnswer {
        if (text.isEmpty() || start < 0) {
            throw new IllegalArgumentException("an answer has text and a place, found \"" + text + "\" at " + start
                    + "; a question without an answer has none");
        }
    }

    /** Where it ends, exclusive. */
    public int end() {
        return start + text.length();
    }
}
