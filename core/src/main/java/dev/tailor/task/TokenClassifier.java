package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;
import java.util.Set;

/**
 * Finds labelled stretches in texts: names, places, parts of speech. A text longer than the model reads is read in overlapping
 * windows, so that nothing is cut off; where windows overlap, the longer entity counts, and the surer one of two equally long.
 *
 * <p>Options return a copy that shares the network; closing either closes both.
 */
public interface TokenClassifier extends Pipeline<String, List<Entity>>, Trainable<WordTags, TaggingEvaluation> {

    /** The entities of a text, in its order. */
    default List<Entity> recognize(String text) {
        return predict(text);
    }

    /** The entities of each text. */
    default List<List<Entity>> recognize(List<String> texts) {
        return predict(texts);
    }

    /** How tokens become entities; without it every token stands by itself, {@link Aggregation#NONE}. */
    TokenClassifier aggregation(Aggregation value);

    /** Labels that are left out; without it {@code O}. */
    TokenClassifier ignoredLabels(Set<String> labels);

    /**
     * How many tokens two windows share. Without it half a window, at most 128.
     *
     * @throws IllegalArgumentException if it is negative or leaves no room for new tokens in a window
     */
    TokenClassifier stride(int tokens);

    /** The labels that the model knows, by id. */
    List<String> labels();
}
