package dev.tailor.transfer.train;

import java.util.List;

/** Several listeners as one. */
record Listeners(List<TrainingListener> all) implements TrainingListener {
    @Override
    public void started(String plan) {
        all.forEach(l -> l.started(plan));
    }

    @Override
    public void featuresComputed(int done, int total) {
        all.forEach(l -> l.featuresComputed(done, total));
    }

    @Override
    public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
        all.forEach(l -> l.stepDone(epoch, stepInEpoch, stepsPerEpoch, report));
    }

    @Override
    public void epochDone(EpochReport report) {
        all.forEach(l -> l.epochDone(report));
    }
}
