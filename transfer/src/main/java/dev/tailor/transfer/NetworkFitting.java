package dev.tailor.transfer;

import dev.tailor.Preprocessor;
import dev.tailor.engine.Engine;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Adapter;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Loop;
import dev.tailor.transfer.train.Passes;
import dev.tailor.transfer.train.Recipe;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trains weights within a network: all, some, or an adapter beside them. */
final class NetworkFitting<I, T> {
    private static final int EPOCHS = 3;
    private static final double DECAY = 0.01;
    private static final double ATTENTION_RATE = 5e-5;
    private static final double CONVOLUTION_RATE = 1e-3;
    /** Few weights take larger steps: adapters, biases. */
    private static final double SMALL_RATE = 1e-3;

    private final Setup<I, T, ?, ?, ?> setup;
    private final Course course;

    NetworkFitting(Setup<I, T, ?, ?, ?> setup, Course course) {
        this.setup = setup;
        this.course = course;
    }

    Outcome run() {
        Strategy strategy = setup.options().strategy;
        TracedModel plain = setup.request().trace();
        if (strategy instanceof Strategy.Lora lora) {
            Adapter adapter = AdapterPlan.of(
                    lora,
                    plain.program(),
                    setup.architecture(),
                    setup.snapshot().id());
            return learn(setup.request().beside(adapter).trace(), Plan.of(adapter), adapter, plain.program());
        }
        return learn(plain, Plan.of(strategy, plain.program(), setup.architecture()), null, plain.program());
    }

    /** {@code plain} is the network without the adapter. */
    private Outcome learn(TracedModel model, Plan plan, @Nullable Adapter adapter, Program plain) {
        Options options = setup.options();
        boolean attends = model.program().main().nodes().stream().anyMatch(v -> v.op() instanceof Op.Attention);
        boolean few = adapter != null || options.strategy instanceof Strategy.BitFit;
        double rate = few ? SMALL_RATE : attends ? ATTENTION_RATE : CONVOLUTION_RATE;
        Engine.TrainingSettings training = setup.training(plan.trainable());
        List<String> labels = setup.tuning().labels();
        try (Preprocessor<I> preprocessor = setup.preprocessor(model.program());
                TrainableNetwork network = setup.engine().training(model.withObjective(setup.objective()), training)) {
            Passes passes = options.passes(EPOCHS);
            Loop.Source examples = MixedSource.of(setup.augmented(preprocessor), options.mixing, labels, true);
            Loop.Source held =
                    MixedSource.of(setup.source(setup.validation(), preprocessor), options.mixing, labels, false);
            Recipe recipe = course.recipe(passes, examples.size(), rate, DECAY, plan);
            course.announce(
                    model.program(), network.trainable(), passes, options.scratch ? "from scratch" : plan.name());
            List<EpochReport> reports = course.learn(network, recipe, passes, examples, held);
            Map<String, float[]> weights = network.weights();
            Told told = course.told(recipe, passes, plan, network.trainable(), model.program());
            TunedAdapter tuned = adapter == null ? null : TunedAdapter.of(adapter, model.program(), weights);
            return new Outcome(
                    plain,
                    tuned == null ? weights : tuned.merged(weights),
                    reports,
                    told,
                    preprocessor.files(),
                    preprocessor.newFiles(),
                    tuned,
                    null);
        }
    }
}
