package dev.tailor.task;

import java.util.List;

/**
 * A query and the documents to put in order.
 *
 * @param query the query
 * @param documents the documents; there may be none
 */
public record Ranking(String query, List<String> documents) {
    /** Copies the list. */
    public Ranking {
        documents = List.copyOf(documents);
    }
}
