package dev.tailor.transfer;

import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Program;
import dev.tailor.transfer.report.StepHistory;
import dev.tailor.transfer.train.Checkpoints;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Loop;
import dev.tailor.transfer.train.Passes;
import dev.tailor.transfer.train.RateSweep;
import dev.tailor.transfer.train.Recipe;
import dev.tailor.transfer.train.TrainingListener;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How networks of one setup learn, and what the listeners hear of it. For one thread. */
final class Course {
    private final Setup<?, ?, ?, ?, ?> setup;
    private final Options options;
    private final StepHistory steps = new StepHistory();
    private final TrainingListener listener;
    private final @Nullable Sweep sweep;
    private List<RateSweep.Point> swept = List.of();

    Course(Setup<?, ?, ?, ?, ?> setup, @Nullable Sweep sweep) {
        this.setup = setup;
        this.sweep = sweep;
        options = setup.options();
        listener = TrainingListener.all(List.of(steps, options.listener));
    }

    /** What is done with a network that is ready to learn, instead of a training. */
    @FunctionalInterface
    interface Sweep {
        List<RateSweep.Point> run(TrainableNetwork network, Recipe recipe, Passes passes, Loop.Source train);
    }

    TrainingListener listener() {
        return listener;
    }

    List<StepHistory.Point> steps() {
        return steps.points();
    }

    /** Whether networks are swept instead of trained. */
    boolean sweeps() {
        return sweep != null;
    }

    /** What the sweep gave. */
    List<RateSweep.Point> swept() {
        return swept;
    }

    Recipe recipe(Passes passes, int examples, double rate, double decay, Plan plan) {
        int steps = passes.epochs() * passes.stepsPerEpoch(examples);
        return options.recipe(rate, decay, steps, plan.factors());
    }

    void announce(Program program, List<String> trainable, Passes passes, String what) {
        if (sweep != null) {
            return;
        }
        listener.started(PlanTable.of(
                setup.snapshot().id() + ": " + what,
                program,
                trainable,
                LayerGroups.of(program, setup.architecture()),
                setup.tuning().summary() + ", " + passes.epochs() + " epochs, on "
                        + setup.settings().device()));
    }

    List<EpochReport> learn(
            TrainableNetwork network, Recipe recipe, Passes passes, Loop.Source examples, Loop.Source held) {
        if (sweep != null) {
            swept = sweep.run(network, recipe, passes, examples);
            return List.of();
        }
        return new Loop(network, recipe, passes, setup.tuning()::score, checkpoints(recipe, passes), listener)
                .run(examples, held);
    }

    private Checkpoints checkpoints(Recipe recipe, Passes passes) {
        if (options.checkpoints == null) {
            return Checkpoints.none();
        }
        String run = String.join(
                ", ",
                setup.snapshot().id(),
                setup.factory().task().name(),
                options.strategy.toString(),
                "from scratch " + options.scratch,
                recipe.optimizer().toString(),
                "rate " + recipe.learningRate(),
                "decay " + recipe.weightDecay(),
                recipe.schedule() + " after " + recipe.warmup(),
                "clip " + recipe.clip(),
                passes.toString(),
                options.loss.toString(),
                "mixing " + options.mixing,
                "products in " + options.precision,
                setup.tuning().summary(),
                setup.validation().size() + " for validation");
        return Checkpoints.in(options.checkpoints, options.checkpointEvery, run);
    }

    /** The recipe for people. */
    Told told(Recipe recipe, Passes passes, Plan plan, List<String> trainable, Program program) {
        Map<String, String> table =
                RecipeTable.of(options.scratch ? "from scratch" : plan.name(), options, recipe, passes);
        return Told.of(table, trainable, program);
    }
}
