package dev.tailor.transfer.report;

import dev.tailor.transfer.train.StepReport;
import dev.tailor.transfer.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps the course of a training, thinned out so that a long one stays small. For one thread. */
public final class StepHistory implements TrainingListener {
    private static final int MOST = 1024;

    private final List<Point> points = new ArrayList<>();
    private int width = 1;
    private int gathered;
    private double loss;

    /** Begins without steps. */
    public StepHistory() {}

    /**
     * Some steps together.
     *
     * @param step the last one, counted from 1
     * @param loss their mean
     * @param learningRate of the last one
     */
    public record Point(int step, double loss, double learningRate) {}

    @Override
    public void stepDone(int epoch, int stepInEpoch, int stepsPerEpoch, StepReport report) {
        loss += report.loss();
        gathered++;
        if (gathered == width) {
            points.add(new Point(report.step() + 1, loss / gathered, report.learningRate()));
            gathered = 0;
            loss = 0;
        }
        if (points.size() == MOST) {
            halve();
        }
    }

    private void halve() {
        List<Point> pairs = new ArrayList<>();
        for (int i = 0; i < points.size(); i += 2) {
            Point second = points.get(i + 1);
            pairs.add(new Point(second.step(), (points.get(i).loss() + second.loss()) / 2, second.learningRate()));
        }
        points.clear();
        points.addAll(pairs);
        width *= 2;
    }

    /** At most 1023 points, in order. */
    public List<Point> points() {
        return List.copyOf(points);
    }
}
