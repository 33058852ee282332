package dev.tailor.task;

import java.util.Locale;

/**
 * A document with its score for a query.
 *
 * @param index its place in the list that was given
 * @param document the document
 * @param score how well it fits, higher is better; in {@code [0, 1]} unless the model says otherwise
 * @param truncated whether query and document were longer than the model reads
 */
public record RankedDocument(int index, String document, double score, boolean truncated) {
    @Override
    public String toString() {
        String shown = document.length() > 60 ? document.substring(0, 60) + "..." : document;
        return String.format(Locale.ROOT, "%d %.4f %s", index, score, shown);
    }
}
