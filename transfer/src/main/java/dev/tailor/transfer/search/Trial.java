package dev.tailor.transfer.search;

import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One choice of settings while it is tried. For one thread. */
public final class Trial {
    private final int number;
    private final Map<String, String> values;
    private final Predicate<List<Double>> goesOn;
    private final List<Double> losses = new ArrayList<>();

    Trial(int number, Map<String, String> values, Predicate<List<Double>> goesOn) {
        this.number = number;
        this.values = values;
        this.goesOn = goesOn;
    }

    /** Others did better at the same epoch; ends the training. */
    static final class Pruned extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Counted from 0. */
    public int number() {
        return number;
    }

    /** All settings as texts. */
    public Map<String, String> values() {
        return values;
    }

    /** A number. */
    public double real(String name) {
        return Double.parseDouble(text(name));
    }

    /** A whole number. */
    public int integer(String name) {
        return Integer.parseInt(text(name));
    }

    /**
     * A choice.
     *
     * @throws IllegalArgumentException if the space has no such setting
     */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The space has no setting " + name + "; there are " + values.keySet());
        }
        return value;
    }

    List<Double> losses() {
        return losses;
    }

    /** What a training must tell: it gathers the losses, and ends a trial that is not worth its time by an exception. */
    public TrainingListener listener() {
        return new TrainingListener() {
            @Override
            public void epochDone(EpochReport report) {
                losses.add(report.validated() ? report.validationLoss() : report.trainLoss());
                if (report.epoch() < report.epochs() && !goesOn.test(losses)) {
                    throw new Pruned();
                }
            }
        };
    }
}
