package dev.tailor.transfer;

import dev.tailor.Pipeline;
import dev.tailor.PretrainedModel;
import dev.tailor.TaskFactory;
import dev.tailor.engine.Network;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.report.Base;
import dev.tailor.transfer.report.DataFingerprint;
import dev.tailor.transfer.report.Surroundings;
import dev.tailor.transfer.report.TrainingRun;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.RateSweep;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** One fitting: from a snapshot and examples to a pipeline. Used once, by one thread. */
final class Fitting<I, T, O, E extends Evaluation, P extends Pipeline<I, O>> {
    private final Setup<I, T, O, E, P> setup;
    private final Instant started = Instant.now();

    Fitting(
            Snapshot snapshot,
            TaskFactory<I, P> factory,
            Tuning.Factory<I, T, O, E> task,
            Options options,
            Dataset<I, T> train,
            Dataset<I, T> validation) {
        setup = Setup.of(snapshot, factory, task, options, train, validation);
    }

    FineTuned<I, T, O, E, P> run() {
        Course course = new Course(setup, null);
        return finish(outcome(course), course);
    }

    List<RateSweep.Point> sweep(Course.Sweep sweep) {
        Course course = new Course(setup, sweep);
        outcome(course);
        return course.swept();
    }

    private Outcome outcome(Course course) {
        if (setup.options().strategy instanceof Strategy.FeatureExtraction extraction) {
            return new HeadFitting<>(setup, course).run(extraction.head());
        }
        return new NetworkFitting<>(setup, course).run();
    }

    /** The pipeline on the new weights; made after the training network has been freed. */
    private FineTuned<I, T, O, E, P> finish(Outcome outcome, Course course) {
        FiniteWeights.require(setup.snapshot().id(), outcome.program(), outcome.weights());
        TunedWeights tuned = new TunedWeights("the fitted " + setup.snapshot().id(), unsavable(outcome));
        outcome.program()
                .weights()
                .forEach((key, spec) -> tuned.put(
                        key,
                        spec.shape(),
                        Objects.requireNonNull(outcome.weights().get(key))));
        ModelConfig saved = setup.tuning().config().with("dtype", "float32");
        TracedModel traced = TracedModel.of(
                        setup.architecture(),
                        saved,
                        setup.head(),
                        tuned,
                        setup.snapshot().id() + " (fitted)")
                .trace();
        Network network = outcome.beside() == null
                ? setup.engine().inference(traced, setup.settings())
                : outcome.beside().get();
        PretrainedModel model =
                new PretrainedModel(setup.snapshot(), saved, setup.architecture(), setup.head(), network, List.of());
        try {
            return new FineTuned<>(
                    setup.factory().create(model),
                    setup.tuning(),
                    tuned,
                    record(outcome, course),
                    setup.validation(),
                    outcome.files(),
                    outcome.newFiles(),
                    outcome.adapter());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private TrainingRun record(Outcome outcome, Course course) {
        return new TrainingRun(
                Base.of(setup.snapshot()),
                setup.factory().task().name(),
                Objects.requireNonNull(outcome.told().recipe().get(RecipeTable.STRATEGY)),
                setup.options().dataName,
                outcome.told().recipe(),
                outcome.told().trained(),
                outcome.told().parameters(),
                DataFingerprint.of(setup.train()),
                DataFingerprint.of(setup.validation()),
                outcome.reports(),
                best(outcome.reports()),
                course.steps(),
                Surroundings.here(
                        setup.engine().name() + " " + setup.engine().version(),
                        setup.settings().device().toString(),
                        setup.settings().threads()),
                started,
                Instant.now());
    }

    /** The epoch whose weights were taken: with early stopping the first one with the smallest loss. */
    private int best(List<EpochReport> reports) {
        if (setup.options().patience == 0) {
            return reports.size();
        }
        return reports.stream()
                .min(Comparator.comparingDouble(r -> r.validated() ? r.validationLoss() : r.trainLoss()))
                .map(EpochReport::epoch)
                .orElse(0);
    }

    private String unsavable(Outcome outcome) {
        return outcome.beside() == null
                ? ""
                : "the fitted " + setup.snapshot().id() + " cannot be saved: its head, "
                        + ((Strategy.FeatureExtraction) setup.options().strategy).head() + ", is none that "
                        + setup.architecture().className(setup.head())
                        + " has. FeatureHead.linear(), logisticRegression() and"
                        + " nearestMean() can be saved; use this one as long as it is open.";
    }
}
