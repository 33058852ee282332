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
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.program.WeightSpec;
import dev.tailor.task.Classification;
import dev.tailor.task.Trainable;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Loop;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One fitting: from a snapshot and examples to a pipeline. Used once, by one thread. */
final class Fitting<I, T, P extends Pipeline<I, Classification> & Trainable<T>> {
    private static final int HEAD_EPOCHS = 30;
    private static final int FULL_EPOCHS = 3;
    private static final double HEAD_RATE = 5e-3;
    /** Standardized features of a few examples fit themselves by heart without it. */
    private static final double HEAD_DECAY = 1;

    private static final double FULL_DECAY = 0.01;
    private static final double ATTENTION_RATE = 5e-5;
    private static final double CONVOLUTION_RATE = 1e-3;

    private final Snapshot snapshot;
    private final TaskFactory<I, P> factory;
    private final Options options;
    private final Dataset<I, T> train;
    private final Dataset<I, T> validation;
    private final Architecture architecture;
    private final Head head;
    private final ModelConfig config;
    private final Labels labels;
    private final Engine engine;
    private final Engine.Settings settings;

    Fitting(
            Snapshot snapshot,
            TaskFactory<I, P> factory,
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
        labels = Labels.of(snapshot.id(), original, head, train, validation);
        config = original.withHead(architecture.className(head), labels.names());
        engine = Registry.engine("");
        Device device = options.device == null ? engine.defaultDevice() : options.device;
        engine.require(device);
        settings = new Engine.Settings(snapshot.id(), device, Precision.FLOAT32, options.threads);
    }

    FineTuned<I, T, P> run() {
        Checkpoint checkpoint = options.scratch ? Checkpoint.empty() : Checkpoint.open(snapshot.root());
        TracedModel.Request request = TracedModel.of(architecture, config, head, checkpoint, snapshot.id())
                .seed(options.seed)
                .allowNewHeads();
        if (options.scratch) {
            request.renewAll();
        } else if (!labels.known()) {
            request.renew(architecture.headKeys());
        }
        boolean extraction = options.strategy instanceof Strategy.FeatureExtraction;
        TracedModel model = (extraction ? request.withFeatures() : request).trace();
        return finish(model.program(), extraction ? extraction(model) : full(model));
    }

    /**
     * What a training leaves.
     *
     * @param weights of the whole network, by canonical key
     * @param files names of the files that a saved copy needs for the same preprocessing
     */
    private record Outcome(Map<String, float[]> weights, List<EpochReport> reports, List<String> files) {}

    private Outcome full(TracedModel model) {
        boolean attends = model.program().main().nodes().stream().anyMatch(v -> v.op() instanceof Op.Attention);
        int epochs = options.epochs > 0 ? options.epochs : FULL_EPOCHS;
        double rate = attends ? ATTENTION_RATE : CONVOLUTION_RATE;
        Engine.TrainingSettings training = new Engine.TrainingSettings(settings, key -> true, options.seed);
        try (Preprocessor<I> preprocessor = factory.preprocessor(snapshot, config, model.program());
                TrainableNetwork network = engine.training(model, training)) {
            announce(model.program(), network, epochs, options.scratch ? "from scratch" : "full fine-tuning");
            List<EpochReport> reports = loop(network, epochs, rate, FULL_DECAY)
                    .run(
                            new ExampleSource<>(train, preprocessor, labels),
                            new ExampleSource<>(validation, preprocessor, labels),
                            options.listener);
            return new Outcome(network.weights(), reports, preprocessor.files());
        }
    }

    private Outcome extraction(TracedModel model) {
        HeadModel heads = HeadModel.of(model, snapshot.id());
        int epochs = options.epochs > 0 ? options.epochs : HEAD_EPOCHS;
        FeatureCache trainFeatures;
        FeatureCache validationFeatures;
        List<String> files;
        int total = train.size() + validation.size();
        try (Network network = engine.inference(heads.backbone(), settings);
                Preprocessor<I> preprocessor = factory.preprocessor(snapshot, config, network.program())) {
            trainFeatures = FeatureCache.compute(
                    network,
                    preprocessor,
                    train,
                    labels,
                    options.batchSize,
                    n -> options.listener.featuresComputed(n, total));
            validationFeatures = FeatureCache.compute(
                    network,
                    preprocessor,
                    validation,
                    labels,
                    options.batchSize,
                    n -> options.listener.featuresComputed(train.size() + n, total));
            files = preprocessor.files();
        }
        Standardizer standardizer = Standardizer.of(trainFeatures.features());
        Engine.TrainingSettings training = new Engine.TrainingSettings(settings, key -> true, options.seed);
        try (TrainableNetwork network = engine.training(heads.head(), training)) {
            announce(model.program(), network, epochs, "feature extraction");
            List<EpochReport> reports = loop(network, epochs, HEAD_RATE, HEAD_DECAY)
                    .run(standardizer.apply(trainFeatures), standardizer.apply(validationFeatures), options.listener);
            Map<String, float[]> trained = network.weights();
            heads.fold(standardizer, trained);
            return new Outcome(heads.complete(model, trained), reports, files);
        }
    }

    private Loop loop(TrainableNetwork network, int epochs, double rate, double decay) {
        int steps = epochs * Loop.stepsPerEpoch(train.size(), options.batchSize);
        return new Loop(network, options.recipe(rate, decay, steps), epochs, options.batchSize, options.seed);
    }

    private void announce(Program program, TrainableNetwork network, int epochs, String what) {
        long all = program.weights().values().stream()
                .filter(s -> s.role() == WeightSpec.Role.PARAMETER)
                .mapToLong(WeightSpec::elements)
                .sum();
        long moving = network.trainable().stream()
                .mapToLong(k -> network.program().weight(k).elements())
                .sum();
        options.listener.started(String.format(
                Locale.ROOT,
                "%s: %s of %,d of %,d parameters, %d examples of %d classes, %d epochs, on %s",
                snapshot.id(),
                what,
                moving,
                all,
                train.size(),
                labels.names().size(),
                epochs,
                settings.device()));
    }

    /** The pipeline on the new weights; made after the training network has been freed. */
    private FineTuned<I, T, P> finish(Program program, Outcome outcome) {
        TunedWeights tuned = new TunedWeights("the fitted " + snapshot.id());
        program.weights()
                .forEach((key, spec) -> tuned.put(
                        key,
                        spec.shape(),
                        Objects.requireNonNull(outcome.weights().get(key))));
        ModelConfig saved = config.with("dtype", "float32");
        TracedModel traced = TracedModel.of(architecture, saved, head, tuned, snapshot.id() + " (fitted)")
                .trace();
        PretrainedModel model =
                new PretrainedModel(snapshot, saved, architecture, head, engine.inference(traced, settings), List.of());
        try {
            return new FineTuned<>(factory.create(model), tuned, labels.names(), outcome.reports(), outcome.files());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }
}
