package dev.tailor.transfer.head;

/**
 * The vote of the nearest training vectors by straight distance, each counting once. Keeps all of them; an answer costs one
 * pass over them. Of classes with equally many votes the first one counts.
 *
 * @param neighbours how many vote, at least 1; all, if there are fewer
 */
public record NearestNeighbours(int neighbours) implements FeatureHead.Direct {
    /** Checks the range. */
    public NearestNeighbours {
        if (neighbours < 1) {
            throw new IllegalArgumentException("neighbours must be at least 1, found " + neighbours);
        }
    }

    @Override
    public VectorModel fit(Rows rows, int[] labels, int classes) {
        Checks.examples(rows, labels, classes);
        return new NeighbourModel(rows, labels, classes, neighbours);
    }
}
