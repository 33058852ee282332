package dev.tailor.transfer.train;

/** Turns reports into numbers by name. For one thread. */
final class SinkListener implements TrainingListener {
    private final MetricsSink sink;
    private int step;

    SinkListener(MetricsSink sink) {
        this.sink = sink;
    }

    @Override
    public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
        step = report.step() + 1;
        sink.write("train/loss", step, report.loss());
        sink.write("train/learning_rate", step, report.learningRate());
        sink.write("train/gradient_norm", step, report.gradientNorm());
    }

    @Override
    public void epochDone(EpochReport report) {
        sink.write("train/epoch_loss", step, report.trainLoss());
        if (report.validated()) {
            sink.write("validation/loss", step, report.validationLoss());
            if (report.scored()) {
                sink.write("validation/" + report.scoreName(), step, report.validationScore());
            }
        }
    }
}
