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
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.train.Checkpoints;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Loop;
import dev.tailor.transfer.train.Passes;
import dev.tailor.transfer.train.Recipe;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    FineTuned<I, T, O, E, P> run() {
        if (options.strategy instanceof Strategy.FeatureExtraction) {
            if (!tuning.hasFeatures()) {
                throw new TailorException(snapshot.id() + ": for " + factory.task() + " no single vector stands for an"
                        + " example, so there are no features to extract; use Strategy.lastLayers(0),"
                        + " Strategy.lora(8) or Strategy.fullFineTuning()");
            }
            return finish(extraction(request().withFeatures().trace()));
        } else if (options.strategy instanceof Strategy.Lora lora) {
            TracedModel plain = request().trace();
            Adapter adapter = AdapterPlan.of(lora, plain.program(), architecture, snapshot.id());
            return finish(whole(request().beside(adapter).trace(), Plan.of(adapter), adapter));
        }
        TracedModel model = request().trace();
        return finish(whole(model, Plan.of(options.strategy, model.program(), architecture), null));
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
     */
    private record Outcome(
            Program program,
            Map<String, float[]> weights,
            List<EpochReport> reports,
            List<String> files,
            Map<String, String> newFiles,
            @Nullable TunedAdapter adapter) {}

    /** Trains in the network itself. */
    private Outcome whole(TracedModel model, Plan plan, @Nullable Adapter adapter) {
        boolean attends = model.program().main().nodes().stream().anyMatch(v -> v.op() instanceof Op.Attention);
        boolean few = adapter != null || options.strategy instanceof Strategy.BitFit;
        double rate = few ? SMALL_RATE : attends ? ATTENTION_RATE : CONVOLUTION_RATE;
        Engine.TrainingSettings training = new Engine.TrainingSettings(settings, plan.trainable(), options.optimizer);
        try (Preprocessor<I> preprocessor = factory.preprocessor(snapshot, tuning.config(), model.program());
                TrainableNetwork network = engine.training(model.withObjective(tuning.objective()), training)) {
            Passes passes = options.passes(FULL_EPOCHS);
            Loop.Source examples = tuning.source(train, preprocessor);
            Recipe recipe = recipe(passes, examples.size(), rate, FULL_DECAY, plan);
            announce(model.program(), network, passes, options.scratch ? "from scratch" : plan.name());
            List<EpochReport> reports = new Loop(
                            network, recipe, passes, tuning::score, checkpoints(recipe, passes), options.listener)
                    .run(examples, tuning.source(validation, preprocessor));
            Map<String, float[]> weights = network.weights();
            if (adapter == null) {
                return new Outcome(
                        model.program(), weights, reports, preprocessor.files(), preprocessor.newFiles(), null);
            }
            TunedAdapter tuned = TunedAdapter.of(adapter, model.program(), weights);
            return new Outcome(
                    request().trace().program(),
                    tuned.merged(weights),
                    reports,
                    preprocessor.files(),
                    preprocessor.newFiles(),
                    tuned);
        }
    }

    /** Trains a linear head on features that are computed once. */
    private Outcome extraction(TracedModel model) {
        HeadModel heads = HeadModel.of(model, snapshot.id());
        FeatureCache trainFeatures;
        FeatureCache validationFeatures;
        List<String> files;
        int total = train.size() + validation.size();
        try (Network network = engine.inference(heads.backbone(), settings);
                Preprocessor<I> preprocessor = factory.preprocessor(snapshot, tuning.config(), network.program())) {
            trainFeatures = FeatureCache.compute(
                    network,
                    tuning.source(train, preprocessor),
                    options.batchSize,
                    n -> options.listener.featuresComputed(n, total));
            validationFeatures = FeatureCache.compute(
                    network,
                    tuning.source(validation, preprocessor),
                    options.batchSize,
                    n -> options.listener.featuresComputed(train.size() + n, total));
            files = preprocessor.files();
        }
        Standardizer standardizer = Standardizer.of(trainFeatures.features());
        Engine.TrainingSettings training = new Engine.TrainingSettings(settings, key -> true, options.optimizer);
        Plan plan = new Plan("feature extraction", key -> true, (key, epoch) -> 1);
        try (TrainableNetwork network = engine.training(heads.head().withObjective(tuning.objective()), training)) {
            Passes passes = options.passes(HEAD_EPOCHS);
            Recipe recipe = recipe(passes, train.size(), HEAD_RATE, HEAD_DECAY, plan);
            announce(model.program(), network, passes, plan.name());
            List<EpochReport> reports = new Loop(
                            network, recipe, passes, tuning::score, checkpoints(recipe, passes), options.listener)
                    .run(standardizer.apply(trainFeatures), standardizer.apply(validationFeatures));
            Map<String, float[]> trained = network.weights();
            heads.fold(standardizer, trained);
            return new Outcome(model.program(), heads.complete(model, trained), reports, files, Map.of(), null);
        }
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
                tuning.summary(),
                validation.size() + " for validation");
        return Checkpoints.in(options.checkpoints, options.checkpointEvery, run);
    }

    private void announce(Program program, TrainableNetwork network, Passes passes, String what) {
        options.listener.started(PlanTable.of(
                snapshot.id() + ": " + what,
                program,
                network.trainable(),
                LayerGroups.of(program, architecture),
                tuning.summary() + ", " + passes.epochs() + " epochs, on " + settings.device()));
    }

    /** The pipeline on the new weights; made after the training network has been freed. */
    private FineTuned<I, T, O, E, P> finish(Outcome outcome) {
        TunedWeights tuned = new TunedWeights("the fitted " + snapshot.id());
        outcome.program()
                .weights()
                .forEach((key, spec) -> tuned.put(
                        key,
                        spec.shape(),
                        Objects.requireNonNull(outcome.weights().get(key))));
        ModelConfig saved = tuning.config().with("dtype", "float32");
        TracedModel traced = TracedModel.of(architecture, saved, head, tuned, snapshot.id() + " (fitted)")
                .trace();
        PretrainedModel model =
                new PretrainedModel(snapshot, saved, architecture, head, engine.inference(traced, settings), List.of());
        try {
            return new FineTuned<>(
                    factory.create(model),
                    tuning,
                    tuned,
                    outcome.reports(),
                    outcome.files(),
                    outcome.newFiles(),
                    outcome.adapter());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
