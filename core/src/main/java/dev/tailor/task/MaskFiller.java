package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/**
 * Fills masked places in texts. The answer holds one list for each mask of the text, its tokens best first.
 *
 * <p>Options return a copy that shares the network; closing either closes both.
 */
public interface MaskFiller extends Pipeline<String, List<List<FilledToken>>> {

    /**
     * The likeliest tokens for each mask.
     *
     * @throws IllegalArgumentException if the text has no {@link #mask} or is longer than the model reads
     */
    default List<List<FilledToken>> fill(String text) {
        return predict(text);
    }

    /** The likeliest tokens for each mask of each text. */
    default List<List<List<FilledToken>>> fill(List<String> texts) {
        return predict(texts);
    }

    /** What marks a place to fill, such as {@code [MASK]}. */
    String mask();

    /** The most tokens for a mask; 5 without it. */
    MaskFiller topK(int count);

    /**
     * The only tokens that may fill a mask. One that is not in the vocabulary counts as the first token of its text.
     *
     * @throws IllegalArgumentException if there is none, or one is empty
     */
    MaskFiller targets(List<String> words);
}
