package dev.tailor.examples;

import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.StepReport;
import dev.tailor.transfer.train.TrainingListener;

/** Passes everything on but the lines of all epochs save the last. */
record LastEpochOnly(TrainingListener target) implements TrainingListener {
    @Override
    public void started(String plan) {
        target.started(plan);
    }

    @Override
    public void featuresComputed(int done, int total) {
        target.featuresComputed(done, total);
    }

    @Override
    public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
        target.stepDone(epoch, stepInEpoch, stepsPerEpoch, report);
    }

    @Override
    public void epochDone(EpochReport report) {
        if (report.epoch() == report.epochs()) {
            target.epochDone(report);
        }
    }
}
