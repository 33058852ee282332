package dev.tailor.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** How near two vectors are, higher is nearer; the similarity functions of sentence-transformers. */
public enum Similarity {
    /** The cosine of the angle, in {@code [-1, 1]}. */
    COSINE {
        @Override
        public double between(Embedding a, Embedding b) {
            return a.cosine(b);
        }
    },
    /** The dot product. */
    DOT {
        @Override
        public double between(Embedding a, Embedding b) {
            return a.dot(b);
        }
    },
    /** The distance, negated: 0 is nearest. */
    EUCLIDEAN {
        @Override
        public double between(Embedding a, Embedding b) {
            return -a.euclidean(b);
        }
    },
    /** The sum of the components' distances, negated: 0 is nearest. */
    MANHATTAN {
        @Override
        public double between(Embedding a, Embedding b) {
            return -a.manhattan(b);
        }
    };

    /**
     * How near two vectors are.
     *
     * @throws IllegalArgumentException if their dimensions differ
     */
    public abstract double between(Embedding a, Embedding b);

    /**
     * The nearest vectors of a list, nearest first; equally near ones in their order.
     *
     * @param k the most that are given
     */
    public List<Match> nearest(Embedding query, List<Embedding> corpus, int k) {
        if (k < 0) {
            throw new IllegalArgumentException("k must not be negative, found " + k);
        }
        List<Match> all = new ArrayList<>(IntStream.range(0, corpus.size())
                .mapToObj(i -> new Match(i, between(query, corpus.get(i))))
                .toList());
        all.sort(Comparator.comparingDouble(Match::score).reversed());
        return List.copyOf(all.subList(0, Math.min(k, all.size())));
    }

    /**
     * A vector of a list that is near.
     *
     * @param index its place in the list
     * @param score how near
     */
    public record Match(int index, double score) {}
}
