package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/**
 * Puts documents in the order in which they fit a query, by reading each together with the query (a cross-encoder).
 *
 * <p>Options return a copy that shares the network; closing either closes both.
 */
public interface Reranker extends Pipeline<Ranking, List<RankedDocument>> {

    /** The documents, best first. */
    default List<RankedDocument> rank(String query, List<String> documents) {
        return predict(new Ranking(query, documents));
    }

    /** The score of each pair of a query and a document, in their order; never sorted or cut. */
    List<Double> scores(List<TextPair> pairs);

    /** The most documents of an answer; all without it. */
    Reranker topK(int count);

    /** What makes a score of the network's output; without it what the model's config names, else a sigmoid. */
    Reranker scoreFunction(ScoreFunction value);
}
