package dev.tailor.transfer;

import ai.djl.Device;
import dev.tailor.Pipeline;
import dev.tailor.Precision;
import dev.tailor.Preprocessor;
import dev.tailor.Registry;
import dev.tailor.TailorException;
import dev.tailor.TaskFactory;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Engine;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.program.Program;
import dev.tailor.program.TracedModel;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.train.Loop;
import java.util.function.Predicate;

/** What is fitted to what, on what. Immutable. */
record Setup<I, T, O, E extends Evaluation, P extends Pipeline<I, O>>(
        Snapshot snapshot,
        TaskFactory<I, P> factory,
        Options options,
        Dataset<I, T> train,
        Dataset<I, T> validation,
        Architecture architecture,
        Tuning<I, T, O, E> tuning,
        Engine engine,
        Engine.Settings settings) {

    static <I, T, O, E extends Evaluation, P extends Pipeline<I, O>> Setup<I, T, O, E, P> of(
            Snapshot snapshot,
            TaskFactory<I, P> factory,
            Tuning.Factory<I, T, O, E> task,
            Options options,
            Dataset<I, T> train,
            Dataset<I, T> validation) {
        ModelConfig original = ModelConfig.read(snapshot.require("config.json"));
        Architecture architecture = Registry.architecture(original);
        Head head = factory.head();
        if (!architecture.heads().contains(head)) {
            throw new TailorException(snapshot.id() + ": " + architecture + " models cannot be fitted for "
                    + factory.task() + "; they have no " + architecture.className(head));
        }
        Tuning<I, T, O, E> tuning = task.prepare(new Tuning.Request<>(
                snapshot.id(), original, head, architecture.className(head), train, validation, options.loss));
        Engine engine = Registry.engine("");
        Device device = options.device == null ? engine.defaultDevice() : options.device;
        engine.require(device);
        Engine.Settings settings = new Engine.Settings(snapshot.id(), device, Precision.FLOAT32, options.threads);
        return new Setup<>(snapshot, factory, options, train, validation, architecture, tuning, engine, settings);
    }

    /** How a network is compiled for training; {@link #settings} are those of all others. */
    Engine.TrainingSettings training(Predicate<String> trainable) {
        Engine.Settings own =
                new Engine.Settings(settings.model(), settings.device(), options.precision, options.threads);
        return new Engine.TrainingSettings(own, trainable, options.optimizer);
    }

    Head head() {
        return factory.head();
    }

    Preprocessor<I> preprocessor(Program program) {
        return factory.preprocessor(snapshot, tuning.config(), program);
    }

    /** How the network is to be traced; its weights are those of the checkpoint unless it learns from scratch. */
    TracedModel.Request request() {
        Checkpoint checkpoint = options.scratch ? Checkpoint.empty() : Checkpoint.open(snapshot.root());
        TracedModel.Request request = TracedModel.of(architecture, tuning.config(), head(), checkpoint, snapshot.id())
                .seed(options.seed)
                .allowNewHeads();
        if (options.scratch) {
            return request.renewAll();
        }
        return tuning.keepsHead() ? request : request.renew(architecture.outerHeadKeys());
    }

    /** Examples as batches; those that cannot be read are passed over unless asked otherwise. */
    Loop.Source source(Dataset<I, T> data, Preprocessor<I> preprocessor) {
        Loop.Source source = tuning.source(data, preprocessor);
        return options.strict ? source : new ReadableSource(source, data);
    }

    /** The training examples, changed at random. */
    // The setter takes augmentations of this input only.
    @SuppressWarnings("unchecked")
    Loop.Source augmented(Preprocessor<I> preprocessor) {
        if (options.augmentation == null) {
            return source(train, preprocessor);
        }
        Augmentation<I> change = (Augmentation<I>) options.augmentation;
        if (!tuning.changeable()) {
            throw new TailorException(snapshot.id() + ": targets of " + factory.task() + " are places in a text, which"
                    + " an augmentation may move; change the data set instead");
        }
        Loop.Source changed =
                new AugmentedSource<>(train, change, tuning, preprocessor, tuning.source(train, preprocessor));
        return options.strict ? changed : new ReadableSource(changed, train);
    }

    /** What the network minimises. */
    Objective objective() {
        if (options.mixing == null) {
            return tuning.objective();
        }
        return tuning.mixedObjective()
                .orElseThrow(() -> new TailorException(snapshot.id() + ": " + options.mixing + " mixes targets, which "
                        + factory.task() + " with this loss cannot learn from; it is for classifiers of pictures"
                        + " without focal loss"));
    }
}
