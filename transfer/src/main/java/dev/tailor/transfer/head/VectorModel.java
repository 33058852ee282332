package dev.tailor.transfer.head;

/** A fitted classifier on vectors. Immutable and safe for many threads. */
public sealed interface VectorModel permits LinearModel, MlpModel, NeighbourModel {

    /** Returns the number of classes. */
    int classes();

    /** Returns a score for each class whose softmax is its probability. */
    double[] scores(Rows rows, int row);

    /** Returns the probabilities of the classes; they sum to 1. */
    default float[] probabilities(Rows rows, int row) {
        return Softmax.of(scores(rows, row));
    }
}
