package dev.tailor.transfer;

import ai.djl.Device;
import dev.tailor.Pipeline;
import dev.tailor.Precision;
import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Registry;
import dev.tailor.TailorException;
import dev.tailor.TaskFactory;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Adapter;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.head.FeatureHead;
import dev.tailor.transfer.head.LinearModel;
import dev.tailor.transfer.head.VectorModel;
import dev.tailor.transfer.report.Base;
import dev.tailor.transfer.report.DataFingerprint;
import dev.tailor.transfer.report.StepHistory;
import dev.tailor.transfer.report.Surroundings;
import dev.tailor.transfer.report.TrainingRun;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.train.Checkpoints;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Loop;
import dev.tailor.transfer.train.Passes;
import dev.tailor.transfer.train.RateSweep;
import dev.tailor.transfer.train.Recipe;
import dev.tailor.transfer.train.TrainingListener;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One fitting: from a snapshot and examples to a pipeline. Used once, by one thread. */
final class Fitting<I, T, O, E extends Evaluation, P extends Pipeline<I, O>> {
    private static final int HEAD_EPOCHS = 30;
    private static final int FULL_EPOCHS = 3;
    private static final double HEAD_RATE = 5e-3;
    /** Standardized features of a few examples fit themselves by heart without it. */
    private static final double HEAD_DECAY = 1;

    private static final double FULL_DECAY = 0.01;
    private static final double ATTENTION_RATE = 5e-5;
    private static final double CONVOLUTION_RATE = 1e-3;
    /** Few weights take larger steps: adapters, biases. */
    private static final double SMALL_RATE = 1e-3;

    private final Snapshot snapshot;
    private final TaskFactory<I, P> factory;
    private final Options options;
    private final Dataset<I, T> train;
    private final Dataset<I, T> validation;
    private final Architecture architecture;
    private final Head head;
    private final Tuning<I, T, O, E> tuning;
    private final Engine engine;
    private final Engine.Settings settings;
    private final Instant started = Instant.now();
    private final StepHistory steps = new StepHistory();
    private final TrainingListener listener;
    private @Nullable Sweep sweep;
    private List<RateSweep.Point> swept = List.of();

    Fitting(
            Snapshot snapshot,
            TaskFactory<I, P> factory,
            Tuning.Factory<I, T, O, E> task,
            Options options,
            Dataset<I, T> train,
            Dataset<I, T> validation) {
        this.snapshot = snapshot;
        this.factory = factory;
        this.options = options;
        this.train = train;
        this.validation = validation;
        listener = TrainingListener.all(List.of(steps, options.listener));
        ModelConfig original = ModelConfig.read(snapshot.require("config.json"));
        architecture = Registry.architecture(original);
        head = factory.head();
        if (!architecture.heads().contains(head)) {
            throw new TailorException(snapshot.id() + ": " + architecture + " models cannot be fitted for "
                    + factory.task() + "; they have no " + architecture.className(head));
        }
        tuning = task.prepare(new Tuning.Request<>(
                snapshot.id(), original, head, architecture.className(head), train, validation, options.loss));
        engine = Registry.engine("");
        Device device = options.device == null ? engine.defaultDevice() : options.device;
        engine.require(device);
        settings = new Engine.Settings(snapshot.id(), device, Precision.FLOAT32, options.threads);
    }

    /** What is done with a network that is ready to learn, instead of a training. */
    @FunctionalInterface
    interface Sweep {
        List<RateSweep.Point> run(TrainableNetwork network, Recipe recipe, Passes passes, Loop.Source train);
    }

    FineTuned<I, T, O, E, P> run() {
        return finish(outcome());
    }

    List<RateSweep.Point> sweep(Sweep chosen) {
        sweep = chosen;
        outcome();
        return swept;
    }

    private List<EpochReport> learn(
            TrainableNetwork network, Recipe recipe, Passes passes, Loop.Source examples, Loop.Source held) {
        if (sweep != null) {
            swept = sweep.run(network, recipe, passes, examples);
            return List.of();
        }
        return new Loop(network, recipe, passes, tuning::score, checkpoints(recipe, passes), listener)
                .run(examples, held);
    }

    private Outcome outcome() {
        if (options.strategy instanceof Strategy.FeatureExtraction extraction) {
            if (!tuning.hasFeatures()) {
                throw new TailorException(snapshot.id() + ": for " + factory.task() + " no single vector stands for an"
                        + " example, so there are no features to extract; use Strategy.lastLayers(0),"
                        + " Strategy.lora(8) or Strategy.fullFineTuning()");
            }
            return extraction(request().withFeatures().trace(), extraction.head());
        } else if (options.strategy instanceof Strategy.Lora lora) {
            TracedModel plain = request().trace();
            Adapter adapter = AdapterPlan.of(lora, plain.program(), architecture, snapshot.id());
            return whole(request().beside(adapter).trace(), Plan.of(adapter), adapter, plain.program());
        }
        TracedModel model = request().trace();
        return whole(model, Plan.of(options.strategy, model.program(), architecture), null, model.program());
    }

    private TracedModel.Request request() {
        Checkpoint checkpoint = options.scratch ? Checkpoint.empty() : Checkpoint.open(snapshot.root());
        TracedModel.Request request = TracedModel.of(architecture, tuning.config(), head, checkpoint, snapshot.id())
                .seed(options.seed)
                .allowNewHeads();
        if (options.scratch) {
            return request.renewAll();
        }
        return tuning.keepsHead() ? request : request.renew(architecture.outerHeadKeys());
    }

    /**
     * What a training leaves.
     *
     * @param program the network without an adapter
     * @param weights of the whole network, by canonical key
     * @param files names of the files that a saved copy needs for the same preprocessing
     * @param newFiles texts of such files that the model's repository lacks
     * @param beside makes the network where its head is no part of it
     */
    private record Outcome(
            Program program,
            Map<String, float[]> weights,
            List<EpochReport> reports,
            Told told,
            List<String> files,
            Map<String, String> newFiles,
            @Nullable TunedAdapter adapter,
            @Nullable Supplier<Network> beside) {}

    /** Trains in the network itself; {@code plain} is the network without the adapter. */
    private Outcome whole(TracedModel model, Plan plan, @Nullable Adapter adapter, Program plain) {
        boolean attends = model.program().main().nodes().stream().anyMatch(v -> v.op() instanceof Op.Attention);
        boolean few = adapter != null || options.strategy instanceof Strategy.BitFit;
        double rate = few ? SMALL_RATE : attends ? ATTENTION_RATE : CONVOLUTION_RATE;
        Engine.TrainingSettings training = new Engine.TrainingSettings(settings, plan.trainable(), options.optimizer);
        try (Preprocessor<I> preprocessor = factory.preprocessor(snapshot, tuning.config(), model.program());
                TrainableNetwork network = engine.training(model.withObjective(objective()), training)) {
            Passes passes = options.passes(FULL_EPOCHS);
            Loop.Source examples = MixedSource.of(augmented(preprocessor), options.mixing, tuning.labels(), true);
            Recipe recipe = recipe(passes, examples.size(), rate, FULL_DECAY, plan);
            announce(model.program(), network.trainable(), passes, options.scratch ? "from scratch" : plan.name());
            List<EpochReport> reports = learn(
                    network,
                    recipe,
                    passes,
                    examples,
                    MixedSource.of(source(validation, preprocessor), options.mixing, tuning.labels(), false));
            Map<String, float[]> weights = network.weights();
            Told told = told(recipe, passes, plan, network.trainable(), model.program());
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

    /** Fits a head on features that are computed once. */
    private Outcome extraction(TracedModel model, FeatureHead kind) {
        if (options.augmentation != null || options.mixing != null) {
            throw new TailorException(snapshot.id() + ": feature extraction sees every example once and keeps what it"
                    + " saw, so examples cannot be augmented or mixed; use Strategy.lastLayers(0), which trains the"
                    + " same head and reads the examples anew in every epoch");
        }
        HeadModel heads = HeadModel.of(model, snapshot.id());
        try (Features features = features(heads)) {
            return kind instanceof FeatureHead.Direct direct
                    ? direct(model, heads, direct, features)
                    : stepwise(model, heads, kind, features);
        }
    }

    /** Standardized features of both data sets. */
    private record Features(FeatureCache train, FeatureCache validation, Standardizer standardizer, List<String> files)
            implements AutoCloseable {
        @Override
        public void close() {
            train.close();
            validation.close();
        }
    }

    private Features features(HeadModel heads) {
        int total = train.size() + validation.size();
        try (Network network = engine.inference(heads.backbone(), settings);
                Preprocessor<I> preprocessor = factory.preprocessor(snapshot, tuning.config(), network.program())) {
            FeatureCache learned = cache(network, source(train, preprocessor), 0, total);
            try {
                FeatureCache held = cache(network, source(validation, preprocessor), train.size(), total);
                Standardizer standardizer = Standardizer.of(learned.features());
                standardizer.apply(learned.features());
                standardizer.apply(held.features());
                return new Features(learned, held, standardizer, preprocessor.files());
            } catch (RuntimeException e) {
                learned.close();
                throw e;
            }
        }
    }

    private FeatureCache cache(Network network, Loop.Source source, int before, int total) {
        return FeatureCache.compute(
                network,
                source,
                options.batchSize,
                options.featureBudget(),
                n -> listener.featuresComputed(before + n, total));
    }

    /** Computes a head from all features at once. */
    private Outcome direct(TracedModel model, HeadModel heads, FeatureHead.Direct kind, Features features) {
        Passes passes = new Passes(1, Math.max(1, features.train().size()), 1, options.seed, 0, false);
        announce(model.program(), List.of(heads.weight(), heads.bias()), passes, kind.toString());
        DirectHead fitted = DirectHead.fit(
                kind, features.train(), features.validation(), heads.classes(), options.loss, snapshot.id());
        listener.epochDone(fitted.report());
        List<EpochReport> reports = List.of(fitted.report());
        Told told = Told.of(
                Map.of(RecipeTable.STRATEGY, "feature extraction, " + kind),
                List.of(heads.weight(), heads.bias()),
                model.program());
        if (fitted.model() instanceof LinearModel linear) {
            Map<String, float[]> weights = DirectHead.weights(linear, heads, features.standardizer());
            return new Outcome(
                    model.program(),
                    heads.complete(model, weights),
                    reports,
                    told,
                    features.files(),
                    Map.of(),
                    null,
                    null);
        }
        return beside(model, heads, features, fitted.model(), reports, told);
    }

    /** Trains a head in batches. */
    private Outcome stepwise(TracedModel model, HeadModel heads, FeatureHead kind, Features features) {
        int width = features.train().features().width();
        TracedModel head = kind instanceof FeatureHead.Mlp mlp
                ? MlpHead.trace(mlp, width, heads.classes(), options.seed)
                : heads.head();
        Engine.TrainingSettings training = new Engine.TrainingSettings(settings, key -> true, options.optimizer);
        Plan plan = new Plan("feature extraction", key -> true, (key, epoch) -> 1);
        try (TrainableNetwork network = engine.training(head.withObjective(tuning.objective()), training)) {
            Passes passes = options.passes(HEAD_EPOCHS);
            Recipe recipe = recipe(passes, features.train().size(), HEAD_RATE, HEAD_DECAY, plan);
            Program whole = kind instanceof FeatureHead.Mlp ? head.program() : model.program();
            announce(whole, network.trainable(), passes, plan.name());
            List<EpochReport> reports = learn(network, recipe, passes, features.train(), features.validation());
            Told told = told(recipe, passes, plan, network.trainable(), whole);
            Map<String, float[]> trained = network.weights();
            if (kind instanceof FeatureHead.Mlp) {
                return beside(model, heads, features, MlpHead.model(trained, width), reports, told);
            }
            heads.fold(features.standardizer(), trained);
            return new Outcome(
                    model.program(),
                    heads.complete(model, trained),
                    reports,
                    told,
                    features.files(),
                    Map.of(),
                    null,
                    null);
        }
    }

    /** A head that is no part of the network. */
    private Outcome beside(
            TracedModel model,
            HeadModel heads,
            Features features,
            VectorModel head,
            List<EpochReport> reports,
            Told told) {
        Standardizer standardizer = features.standardizer();
        return new Outcome(
                model.program(),
                heads.complete(model, Map.of()),
                reports,
                told,
                features.files(),
                Map.of(),
                null,
                () -> new HeadedNetwork(
                        engine.inference(heads.backbone(), settings), model.program(), standardizer, head));
    }

    private Objective objective() {
        if (options.mixing == null) {
            return tuning.objective();
        }
        return tuning.mixedObjective()
                .orElseThrow(() -> new TailorException(snapshot.id() + ": " + options.mixing + " mixes targets, which "
                        + factory.task() + " with this loss cannot learn from; it is for classifiers of pictures"
                        + " without focal loss"));
    }

    /** The training examples, changed at random. */
    // The setter takes augmentations of this input only.
    @SuppressWarnings("unchecked")
    private Loop.Source augmented(Preprocessor<I> preprocessor) {
        if (options.augmentation == null) {
            return source(train, preprocessor);
        }
        Augmentation<I> change = (Augmentation<I>) options.augmentation;
        Loop.Source changed = new AugmentedSource<>(
                train, change, tuning.source(train, preprocessor), data -> tuning.source(data, preprocessor));
        return options.strict ? changed : new ReadableSource(changed, train);
    }

    private Loop.Source source(Dataset<I, T> data, Preprocessor<I> preprocessor) {
        Loop.Source source = tuning.source(data, preprocessor);
        return options.strict ? source : new ReadableSource(source, data);
    }

    private Recipe recipe(Passes passes, int examples, double rate, double decay, Plan plan) {
        int steps = passes.epochs() * passes.stepsPerEpoch(examples);
        return options.recipe(rate, decay, steps, plan.factors());
    }

    private Checkpoints checkpoints(Recipe recipe, Passes passes) {
        if (options.checkpoints == null) {
            return Checkpoints.none();
        }
        String run = String.join(
                ", ",
                snapshot.id(),
                factory.task().name(),
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
                tuning.summary(),
                validation.size() + " for validation");
        return Checkpoints.in(options.checkpoints, options.checkpointEvery, run);
    }

    private void announce(Program program, List<String> trainable, Passes passes, String what) {
        if (sweep != null) {
            return;
        }
        listener.started(PlanTable.of(
                snapshot.id() + ": " + what,
                program,
                trainable,
                LayerGroups.of(program, architecture),
                tuning.summary() + ", " + passes.epochs() + " epochs, on " + settings.device()));
    }

    /** The recipe for people. */
    private Told told(Recipe recipe, Passes passes, Plan plan, List<String> trainable, Program program) {
        Map<String, String> table =
                RecipeTable.of(options.scratch ? "from scratch" : plan.name(), options, recipe, passes);
        return Told.of(table, trainable, program);
    }

    private TrainingRun record(Outcome outcome) {
        return new TrainingRun(
                Base.of(snapshot),
                factory.task().name(),
                Objects.requireNonNull(outcome.told().recipe().get(RecipeTable.STRATEGY)),
                options.dataName,
                outcome.told().recipe(),
                outcome.told().trained(),
                outcome.told().parameters(),
                DataFingerprint.of(train),
                DataFingerprint.of(validation),
                outcome.reports(),
                best(outcome.reports()),
                steps.points(),
                Surroundings.here(
                        engine.name() + " " + engine.version(),
                        settings.device().toString(),
                        settings.threads()),
                started,
                Instant.now());
    }

    /** The epoch whose weights were taken: with early stopping the first one with the smallest loss. */
    private int best(List<EpochReport> reports) {
        if (options.patience == 0) {
            return reports.size();
        }
        return reports.stream()
                .min(Comparator.comparingDouble(r -> r.validated() ? r.validationLoss() : r.trainLoss()))
                .map(EpochReport::epoch)
                .orElse(0);
    }

    /** The pipeline on the new weights; made after the training network has been freed. */
    private FineTuned<I, T, O, E, P> finish(Outcome outcome) {
        FiniteWeights.require(snapshot.id(), outcome.program(), outcome.weights());
        TunedWeights tuned = new TunedWeights("the fitted " + snapshot.id(), unsavable(outcome));
        outcome.program()
                .weights()
                .forEach((key, spec) -> tuned.put(
                        key,
                        spec.shape(),
                        Objects.requireNonNull(outcome.weights().get(key))));
        ModelConfig saved = tuning.config().with("dtype", "float32");
        TracedModel traced = TracedModel.of(architecture, saved, head, tuned, snapshot.id() + " (fitted)")
                .trace();
        Network network = outcome.beside() == null
                ? engine.inference(traced, settings)
                : outcome.beside().get();
        PretrainedModel model = new PretrainedModel(snapshot, saved, architecture, head, network, List.of());
        try {
            return new FineTuned<>(
                    factory.create(model),
                    tuning,
                    tuned,
                    record(outcome),
                    validation,
                    outcome.files(),
                    outcome.newFiles(),
                    outcome.adapter());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private String unsavable(Outcome outcome) {
        return outcome.beside() == null
                ? ""
                : "the fitted " + snapshot.id() + " cannot be saved: its head, "
                        + ((Strategy.FeatureExtraction) options.strategy).head() + ", is none that "
                        + architecture.className(head) + " has. FeatureHead.linear(), logisticRegression() and"
                        + " nearestMean() can be saved; use this one as long as it is open.";
    }
}
