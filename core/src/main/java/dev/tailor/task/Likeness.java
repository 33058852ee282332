package dev.tailor.task;

/** What a text is like and what it is not like: what a {@link TextEmbedder} learns from. */
public sealed interface Likeness {

    /**
     * The text belongs to this one, and to no other's of the same batch.
     *
     * @param text such as the answer to a question
     */
    record Positive(String text) implements Likeness {}

    /**
     * The text is this much like another.
     *
     * @param score the cosine that the vectors should have, in {@code [-1, 1]}
     */
    record Scored(String text, double score) implements Likeness {
        /** Refuses what no cosine can be. */
        public Scored {
            if (!(score >= -1 && score <= 1)) {
                throw new IllegalArgumentException("a score must be from -1 to 1, found " + score);
            }
        }
    }

    /** The text is more like one than like another. */
    record Triplet(String positive, String negative) implements Likeness {}
}
