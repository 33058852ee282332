package dev.tailor.task;

/**
 * A word of a text with its tag.
 *
 * @param start where it begins: an index of Java's {@code String}, in UTF-16 units
 * @param end where it ends, exclusive
 * @param tag such as {@code B-person}, {@code O} or {@code NOUN}
 */
public record WordTag(int start, int end, String tag) {
    /** Refuses empty words and tags. */
    public WordTag {
        if (start < 0 || end <= start || tag.isBlank()) {
            throw new IllegalArgumentException(
                    "a word needs a tag and at least one character, found \"" + tag + "\" at " + start + " to " + end);
        }
    }
}
