package dev.tailor.transfer.head;

/** What reads a frozen network's features, or any other vectors, and tells the class. */
public sealed interface FeatureHead {

    /** A linear layer trained step by step with the recipe of the fitting. */
    record Linear() implements FeatureHead {}

    /**
     * Two linear layers with a ReLU between, trained step by step with the recipe of the fitting. Cannot be saved as a
     * transformers model.
     *
     * @param hidden width between the layers, at least 1
     * @param dropout share of hidden units that are left out while training, in {@code [0, 1)}
     */
    record Mlp(int hidden, double dropout) implements FeatureHead {
        /** Checks the ranges. */
        public Mlp {
            require(hidden >= 1, "hidden must be at least 1, found " + hidden);
            require(dropout >= 0 && dropout < 1, "dropout must be in [0, 1), found " + dropout);
        }

        /** Leaves out a share of the hidden units while training; 0.1 without it. */
        public Mlp dropout(double share) {
            return new Mlp(hidden, share);
        }
    }

    /** A head that is computed from all examples at once, without an engine. */
    sealed interface Direct extends FeatureHead permits LogisticRegression, NearestMean, NearestNeighbours {
        /**
         * Fits.
         *
         * @param rows one vector for each example, at least one
         * @param labels the class of each example, from 0 on
         * @param classes how many there are, at least 2
         * @throws IllegalArgumentException if the arguments do not fit each other
         */
        VectorModel fit(Rows rows, int[] labels, int classes);

        /** Whether examples of some classes can count more than others. */
        default boolean takesWeights() {
            return false;
        }

        /**
         * Fits with examples that count differently.
         *
         * @param weights of the examples of each class, positive
         * @throws IllegalArgumentException if the arguments do not fit each other, or the head takes no weights
         */
        default VectorModel fit(Rows rows, int[] labels, int classes, double[] weights) {
            throw new IllegalArgumentException(this + " takes no weights of classes; logisticRegression() does");
        }
    }

    /** Returns the default: a linear layer trained with the recipe. */
    static Linear linear() {
        return new Linear();
    }

    /**
     * Returns two layers.
     *
     * @param hidden width between them
     */
    static Mlp mlp(int hidden) {
        return new Mlp(hidden, 0.1);
    }

    /** Returns logistic regression with an inverse regularisation of 1: the best linear layer, found exactly. */
    static LogisticRegression logisticRegression() {
        return LogisticRegression.standard();
    }

    /** Returns the class whose mean is nearest: good for few examples, instant. */
    static NearestMean nearestMean() {
        return new NearestMean();
    }

    /**
     * Returns the vote of the nearest examples by straight distance. Cannot be saved as a transformers model.
     *
     * @param neighbours how many vote, at least 1
     */
    static NearestNeighbours nearestNeighbours(int neighbours) {
        return new NearestNeighbours(neighbours);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
