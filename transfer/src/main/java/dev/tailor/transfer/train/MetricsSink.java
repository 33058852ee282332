package dev.tailor.transfer.train;

/** Where numbers of a training go: a file, a dashboard, a database. Called on the training thread; an exception ends the training. */
@FunctionalInterface
public interface MetricsSink {
    /**
     * Takes one number.
     *
     * @param name {@code train/loss}, {@code train/learning_rate}, {@code train/gradient_norm}, {@code train/epoch_loss},
     *     {@code validation/loss} or {@code validation/score}
     * @param step updates so far, counted from 1 over the whole run
     * @param value perhaps NaN
     */
    void write(String name, int step, double value);

    /** A listener that writes the numbers of each step and each epoch. */
    default TrainingListener listener() {
        return new SinkListener(this);
    }
}
