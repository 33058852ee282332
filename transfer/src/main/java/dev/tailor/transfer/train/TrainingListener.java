package dev.tailor.transfer.train;

import java.util.List;

/** Hears how a training goes on, on the training thread. An exception thrown here ends the training. */
public interface TrainingListener {

    /**
     * The training begins.
     *
     * @param plan what it will do, one or more lines for a person
     */
    default void started(String plan) {}

    /** Features of {@code done} of {@code total} examples are computed. */
    default void featuresComputed(int done, int total) {}

    /**
     * One update is done.
     *
     * @param epoch counted from 1
     * @param stepInEpoch counted from 1
     * @param stepsPerEpoch updates of one pass
     */
    default void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {}

    /** One pass is done. */
    default void epochDone(EpochReport report) {}

    /** Several listeners as one; each hears of an event in the given order. */
    static TrainingListener all(List<TrainingListener> listeners) {
        return new Listeners(List.copyOf(listeners));
    }

    /** A listener that does nothing. */
    static TrainingListener none() {
        return new TrainingListener() {};
    }
}
