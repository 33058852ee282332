package dev.tailor.task;

import java.util.List;

/**
 * A text and the labels it may have.
 *
 * @param text the text
 * @param labels at least one
 */
public record LabelChoice(String text, List<String> labels) {

    /**
     * Checks the labels.
     *
     * @throws IllegalArgumentException if there are none
     */
    public LabelChoice {
        labels = List.copyOf(labels);
        if (labels.isEmpty()) {
            throw new IllegalArgumentException("a choice needs at least one label");
        }
    }
}
