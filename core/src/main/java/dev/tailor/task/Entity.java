package dev.tailor.task;

import java.util.Locale;

/**
 * A labelled stretch of a text, as transformers' token classification pipeline gives it.
 *
 * @param label the label; of a group without its {@code B-} or {@code I-}
 * @param score a probability in {@code [0, 1]}; of a group the mean over what it consists of
 * @param start where it begins in the text: an index of Java's {@code String}, in UTF-16 units
 * @param end where it ends, exclusive
 * @param word what the tokenizer makes of its tokens, often in lower case; {@link #in} gives the text itself
 * @param index the place of a single token among the text's tokens, special ones counted; -1 for a group
 */
public record Entity(String label, double score, int start, int end, String word, int index) {

    /** The stretch itself, out of the text that was asked about. */
    public String in(String text) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.4f [%d, %d) %s", label, score, start, end, word);
    }
}
