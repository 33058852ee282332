package dev.tailor.transfer;

import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.transfer.head.FeatureHead;
import dev.tailor.transfer.head.LinearModel;
import dev.tailor.transfer.head.VectorModel;
import dev.tailor.transfer.train.EpochReport;
import dev.tailor.transfer.train.Loop;
import dev.tailor.transfer.train.Passes;
import dev.tailor.transfer.train.Recipe;
import java.util.List;
import java.util.Map;

/** Fits a head on features that are computed once. */
final class HeadFitting<I, T> {
    private static final int EPOCHS = 30;
    private static final double RATE = 5e-3;
    /** Standardized features of a few examples fit themselves by heart without it. */
    private static final double DECAY = 1;

    private final Setup<I, T, ?, ?, ?> setup;
    private final Options options;
    private final Course course;

    HeadFitting(Setup<I, T, ?, ?, ?> setup, Course course) {
        this.setup = setup;
        this.course = course;
        options = setup.options();
    }

    Outcome run(FeatureHead kind) {
        if (kind instanceof FeatureHead.Direct && course.sweeps()) {
            throw new TailorException(
                    setup.snapshot().id() + ": " + kind + " is computed from all examples at once and"
                            + " has no learning rate to find; use findLearningRate with FeatureHead.linear() or another strategy");
        }
        if (!setup.tuning().hasFeatures()) {
            throw new TailorException(
                    setup.snapshot().id() + ": for " + setup.factory().task()
                            + " no single vector stands for an example, so there are no features to extract; use"
                            + " Strategy.lastLayers(0), Strategy.lora(8) or Strategy.fullFineTuning()");
        }
        if (options.augmentation != null || options.mixing != null) {
            throw new TailorException(
                    setup.snapshot().id() + ": feature extraction sees every example once and keeps what it saw, so"
                            + " examples cannot be augmented or mixed; use Strategy.lastLayers(0), which"
                            + " trains the same head and reads the examples anew in every epoch");
        }
        TracedModel model = setup.request().withFeatures().trace();
        HeadModel heads = HeadModel.of(model, setup.snapshot().id());
        return options.store.use(
                sameFeatures(),
                () -> features(heads),
                features -> kind instanceof FeatureHead.Direct direct
                        ? direct(model, heads, direct, features)
                        : stepwise(model, heads, kind, features));
    }

    /** What features depend on; the seed counts where a checkpoint lacks weights. */
    private List<Object> sameFeatures() {
        return List.of(
                setup.snapshot().root(),
                setup.factory().task(),
                setup.settings(),
                setup.train(),
                setup.validation(),
                setup.tuning().labels(),
                options.seed,
                options.scratch,
                options.strict,
                options.batchSize,
                options.featureBudget());
    }

    private Features features(HeadModel heads) {
        int total = setup.train().size() + setup.validation().size();
        try (Network network = setup.engine().inference(heads.backbone(), setup.settings());
                Preprocessor<I> preprocessor = setup.preprocessor(network.program())) {
            FeatureCache learned = cache(network, setup.source(setup.train(), preprocessor), 0, total);
            try {
                FeatureCache held = cache(
                        network,
                        setup.source(setup.validation(), preprocessor),
                        setup.train().size(),
                        total);
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
                n -> course.listener().featuresComputed(before + n, total));
    }

    /** Computes a head from all features at once. */
    private Outcome direct(TracedModel model, HeadModel heads, FeatureHead.Direct kind, Features features) {
        Passes passes = new Passes(1, Math.max(1, features.train().size()), 1, options.seed, 0, false);
        course.announce(model.program(), List.of(heads.weight(), heads.bias()), passes, kind.toString());
        DirectHead fitted = DirectHead.fit(
                kind,
                features.train(),
                features.validation(),
                heads.classes(),
                options.loss,
                setup.tuning().classWeights(),
                setup.snapshot().id());
        course.listener().epochDone(fitted.report());
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
        Engine.TrainingSettings training = setup.training(key -> true);
        Plan plan = new Plan("feature extraction", key -> true, (key, epoch) -> 1);
        try (TrainableNetwork network =
                setup.engine().training(head.withObjective(setup.tuning().objective()), training)) {
            Passes passes = options.passes(EPOCHS);
            Recipe recipe = course.recipe(passes, features.train().size(), RATE, DECAY, plan);
            Program whole = kind instanceof FeatureHead.Mlp ? head.program() : model.program();
            course.announce(whole, network.trainable(), passes, plan.name());
            List<EpochReport> reports = course.learn(network, recipe, passes, features.train(), features.validation());
            Told told = course.told(recipe, passes, plan, network.trainable(), whole);
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
                        setup.engine().inference(heads.backbone(), setup.settings()),
                        model.program(),
                        standardizer,
                        head));
    }
}
