package dev.tailor.transfer.data;

import java.util.Objects;

/**
 * A data set cut in two: one side to learn from, one side to measure on.
 *
 * @param train the examples to learn from
 * @param validation the examples held back
 */
public record Split<I, T>(Dataset<I, T> train, Dataset<I, T> validation) {
    /** Refuses nulls. */
    public Split {
        Objects.requireNonNull(train, "train");
        Objects.requireNonNull(validation, "validation");
    }

    /**
     * Loads every input once and returns what is wrong with the training side, and which validation inputs are in it too. Runs
     * on the common pool.
     */
    public DataReport inspect() {
        return DataReport.of(train, validation);
    }
}
