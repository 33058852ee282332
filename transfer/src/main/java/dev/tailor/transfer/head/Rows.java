package dev.tailor.transfer.head;

import dev.tailor.task.Embedding;
import java.util.List;

/** Vectors of one width, dense or sparse. Safe for many threads. */
public interface Rows {

    /** Returns the number of vectors. */
    int size();

    /** Returns the number of components of each. */
    int width();

    /** Returns the dot product of a vector with {@code width()} numbers from {@code offset} on. */
    double dot(int row, double[] with, int offset);

    /** Adds a vector times a factor to {@code width()} numbers from {@code offset} on. */
    void addTo(int row, double factor, double[] sums, int offset);

    /** Vectors in memory, all of one width; the arrays are not copied and must not be changed. */
    static Rows of(float[]... vectors) {
        return DenseRows.of(vectors);
    }

    /** Embeddings as vectors. */
    static Rows of(List<Embedding> embeddings) {
        return of(embeddings.stream().map(Embedding::vector).toArray(float[][]::new));
    }
}
