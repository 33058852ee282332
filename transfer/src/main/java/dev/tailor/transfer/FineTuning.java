package dev.tailor.transfer;

import ai.djl.Device;
import dev.tailor.ModelId;
import dev.tailor.Pipeline;
import dev.tailor.Precision;
import dev.tailor.Registry;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.engine.Optimizer;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.Hubs;
import dev.tailor.task.Evaluation;
import dev.tailor.task.Trainable;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.augment.Mixing;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.search.HyperparameterSearch;
import dev.tailor.transfer.search.SearchResult;
import dev.tailor.transfer.search.Trial;
import dev.tailor.transfer.task.LossOptions;
import dev.tailor.transfer.task.Tuning;
import dev.tailor.transfer.task.Tunings;
import dev.tailor.transfer.train.RateSweep;
import dev.tailor.transfer.train.Schedule;
import dev.tailor.transfer.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A pretrained model that is about to be fitted to examples. Immutable: every setter returns a copy; {@link #fit} may be called
 * more than once.
 *
 * <pre>{@code
 * try (var tuned = FineTuning.of("hf://microsoft/resnet-18", Task.IMAGE_CLASSIFICATION)
 *         .strategy(Strategy.featureExtraction())
 *         .validation(flowers.validation())
 *         .fit(flowers.train())) {
 *     System.out.println(tuned.evaluate(flowers.validation()));
 *     tuned.save(Path.of("flowers"));
 * }
 * }</pre>
 *
 * @param <I> an example's input
 * @param <T> an example's target
 * @param <O> the pipeline's answer
 * @param <E> what measuring gives
 * @param <P> the pipeline that results
 */
public final class FineTuning<I, T, O, E extends Evaluation, P extends Pipeline<I, O>> {
    /** At one the target itself would no longer count. */
    private static final double MOST_SMOOTHING = 0.999;

    private final ModelId id;
    private final TaskFactory<I, P> factory;
    private final Tuning.Factory<I, T, O, E> tuning;
    private final FetchRequest fetch;
    private final Options options;
    private final Dataset<I, T> validation;

    private FineTuning(
            ModelId id,
            TaskFactory<I, P> factory,
            Tuning.Factory<I, T, O, E> tuning,
            FetchRequest fetch,
            Options options,
            Dataset<I, T> validation) {
        this.id = id;
        this.factory = factory;
        this.tuning = tuning;
        this.fetch = fetch;
        this.options = options;
        this.validation = validation;
    }

    /**
     * A model by its id, for a task that can be fitted.
     *
     * @throws IllegalArgumentException if the id is malformed
     */
    public static <I, T, O, E extends Evaluation, P extends Pipeline<I, O> & Trainable<T, E>>
            FineTuning<I, T, O, E, P> of(String id, Task<P> task) {
        return of(ModelId.parse(id), task);
    }

    /** A model in a folder. */
    public static <I, T, O, E extends Evaluation, P extends Pipeline<I, O> & Trainable<T, E>>
            FineTuning<I, T, O, E, P> of(Path folder, Task<P> task) {
        return of(ModelId.of(folder), task);
    }

    private static <I, T, O, E extends Evaluation, P extends Pipeline<I, O> & Trainable<T, E>>
            FineTuning<I, T, O, E, P> of(ModelId id, Task<P> task) {
        TaskFactory<I, P> factory = Registry.factory(task);
        return new FineTuning<>(
                id, factory, Tunings.of(task), FetchRequest.defaults(), new Options(), Dataset.of(List.of()));
    }

    private FineTuning<I, T, O, E, P> with(Consumer<Options> change) {
        return new FineTuning<>(id, factory, tuning, fetch, options.with(change), validation);
    }

    private FineTuning<I, T, O, E, P> with(FetchRequest changed) {
        return new FineTuning<>(id, factory, tuning, changed, options, validation);
    }

    /** What changes; {@link Strategy#featureExtraction()} by default. */
    public FineTuning<I, T, O, E, P> strategy(Strategy value) {
        return with(o -> o.strategy = value);
    }

    /** Passes over the data, at least one; by default 30 for feature extraction, whose passes are cheap, else 3. */
    public FineTuning<I, T, O, E, P> epochs(int value) {
        return with(o -> o.epochs = Options.atLeastOne("epochs", value));
    }

    /** Examples of one update, at least one; 32 by default. */
    public FineTuning<I, T, O, E, P> batchSize(int value) {
        return with(o -> o.batchSize = Options.atLeastOne("batchSize", value));
    }

    /**
     * The largest learning rate; by default 5e-3 for feature extraction, 5e-5 for networks with attention and 1e-3 for others.
     */
    public FineTuning<I, T, O, E, P> learningRate(double value) {
        return with(o -> o.learningRate = Options.positive("learningRate", value));
    }

    /** Decay of weights other than biases and norms; by default 1 for feature extraction, else 0.01. */
    public FineTuning<I, T, O, E, P> weightDecay(double value) {
        return with(o -> o.weightDecay = Options.within("weightDecay", value, 0, Double.MAX_VALUE));
    }

    /** Share of all steps until the full learning rate, in {@code [0, 1]}; 0.1 by default. */
    public FineTuning<I, T, O, E, P> warmup(double value) {
        return with(o -> o.warmup = Options.within("warmup", value, 0, 1));
    }

    /** Largest norm of all gradients together; 1 by default. */
    public FineTuning<I, T, O, E, P> clip(double value) {
        return with(o -> o.clip = Options.positive("clip", value));
    }

    /** Share of the target spread over all classes, in {@code [0, 0.999]}; 0 by default. */
    public FineTuning<I, T, O, E, P> labelSmoothing(double value) {
        return with(o -> o.loss = new LossOptions(
                Options.within("labelSmoothing", value, 0, MOST_SMOOTHING),
                o.loss.balanced(),
                o.loss.classWeights(),
                o.loss.gamma()));
    }

    /** Weighs each class by the inverse of its share of the training data, so that rare ones count as much. */
    public FineTuning<I, T, O, E, P> balancedClasses() {
        return with(o -> o.loss = new LossOptions(o.loss.smoothing(), true, o.loss.classWeights(), o.loss.gamma()));
    }

    /**
     * Weights of the classes in the loss; a class that is not named weighs 1. Logistic regression on features takes them as
     * scikit-learn does; nearest means and nearest neighbours refuse them.
     */
    public FineTuning<I, T, O, E, P> classWeights(Map<String, Double> weights) {
        weights.forEach((label, weight) -> Options.positive("the weight of " + label, weight));
        return with(o -> o.loss = new LossOptions(o.loss.smoothing(), o.loss.balanced(), weights, o.loss.gamma()));
    }

    /**
     * Turns the loss towards what is still wrong (Lin et al. 2017, arXiv 1708.02002).
     *
     * @param gamma 0 for plain cross entropy; 2 in the paper
     */
    public FineTuning<I, T, O, E, P> focalLoss(double gamma) {
        return with(o -> o.loss = new LossOptions(
                o.loss.smoothing(),
                o.loss.balanced(),
                o.loss.classWeights(),
                Options.within("gamma", gamma, 0, Double.MAX_VALUE)));
    }

    /** Draws each class equally often: examples of rare classes come several times in an epoch. */
    public FineTuning<I, T, O, E, P> balancedSampling() {
        return with(o -> o.balancedSampling = true);
    }

    /** Batches whose gradients are averaged for one update, at least one; 1 by default. Stands in for a larger batch. */
    public FineTuning<I, T, O, E, P> accumulate(int value) {
        return with(o -> o.accumulate = Options.atLeastOne("accumulate", value));
    }

    /** How gradients change weights; {@link Optimizer#adamW()} by default. */
    public FineTuning<I, T, O, E, P> optimizer(Optimizer value) {
        return with(o -> o.optimizer = value);
    }

    /** The learning rate over the run; {@link Schedule#LINEAR} by default. */
    public FineTuning<I, T, O, E, P> schedule(Schedule value) {
        return with(o -> o.schedule = value);
    }

    /**
     * Ends the training after so many epochs without a smaller validation loss (the training loss without validation data), and
     * takes the weights of the best epoch.
     */
    public FineTuning<I, T, O, E, P> earlyStopping(int patience) {
        return with(o -> o.patience = Options.atLeastOne("patience", patience));
    }

    /**
     * Keeps the state of the training in a folder, after each epoch and every so many steps. The same call on the same data goes
     * on from there after a crash, and ends with the same weights as a run that was never broken off.
     *
     * @param everySteps at least 1
     */
    public FineTuning<I, T, O, E, P> checkpoints(Path folder, int everySteps) {
        return with(o -> {
            o.checkpoints = folder;
            o.checkpointEvery = Options.atLeastOne("everySteps", everySteps);
        });
    }

    /**
     * Changes training examples at random, each time they are seen: the first of these, then the second, and so on. Draws from
     * {@link #seed}; a run that goes on from a checkpoint draws what it would have drawn. Not for
     * {@link Strategy#featureExtraction()}, which sees every example once.
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final FineTuning<I, T, O, E, P> augment(Augmentation<I>... steps) {
        Augmentation<I> all = Augmentation.all(List.of(steps));
        return with(o -> o.augmentation = all);
    }

    /**
     * Mixes training examples of a batch with each other, targets too. For tasks with one class for each picture, without focal
     * loss, and not for {@link Strategy#featureExtraction()}.
     */
    public FineTuning<I, T, O, E, P> mix(Mixing value) {
        return with(o -> o.mixing = value);
    }

    /**
     * How many bytes of features {@link Strategy#featureExtraction()} may keep on the heap; a quarter of the heap without it.
     * What needs more lies in a temporary file, which goes when the fitting ends.
     *
     * @param bytes at least 1
     */
    public FineTuning<I, T, O, E, P> featureMemory(long bytes) {
        return with(o ->
                o.featureMemory = (long) Options.within("featureMemory", (double) bytes, 1, (double) Long.MAX_VALUE));
    }

    /**
     * Ends the training at the first input that cannot be read. Without it such inputs are passed over, each with a warning in
     * the log; {@link Dataset#inspect} names them beforehand.
     */
    public FineTuning<I, T, O, E, P> strict() {
        return with(o -> o.strict = true);
    }

    /** Seeds new weights, the order of examples and dropout; with one thread a run repeats bit for bit. 0 by default. */
    public FineTuning<I, T, O, E, P> seed(long value) {
        return with(o -> o.seed = value);
    }

    /** Where to run; chosen by itself without it. */
    public FineTuning<I, T, O, E, P> device(Device value) {
        return with(o -> o.device = value);
    }

    /**
     * What training passes multiply matrices in; 32-bit floats without it. With {@link Precision#BFLOAT16} linear layers,
     * convolutions and attention take and give brain floats of 16 bits, as {@code torch.autocast} has it; weights, their
     * gradients, norms, the loss and the optimizer keep 32 bits, and so do validation and the pipeline that results. It needs a
     * processor or card with such instructions to be faster.
     *
     * @throws IllegalArgumentException for {@link Precision#AUTO} and {@link Precision#INT8}
     */
    public FineTuning<I, T, O, E, P> precision(Precision value) {
        if (value != Precision.FLOAT32 && value != Precision.BFLOAT16) {
            throw new IllegalArgumentException("training multiplies in FLOAT32 or BFLOAT16, found " + value);
        }
        return with(o -> o.precision = value);
    }

    /** Threads within one step, at least one; all cores without it. */
    public FineTuning<I, T, O, E, P> threads(int value) {
        return with(o -> o.threads = Options.atLeastOne("threads", value));
    }

    /**
     * Starts from new weights instead of the pretrained ones: what the same network learns from the examples alone. Goes with
     * {@link Strategy#fullFineTuning()}.
     */
    public FineTuning<I, T, O, E, P> fromScratch() {
        return with(o -> {
            o.scratch = true;
            o.strategy = Strategy.fullFineTuning();
        });
    }

    /** Hears how the training goes on, such as {@link Progress#console()}. */
    public FineTuning<I, T, O, E, P> listener(TrainingListener value) {
        return with(o -> o.listener = value);
    }

    /** Several listeners at once, in their order; replaces {@link #listener}. */
    public FineTuning<I, T, O, E, P> listeners(TrainingListener... values) {
        return listener(TrainingListener.all(List.of(values)));
    }

    /** What the data are called in the model card and the report; the id of a data set on the Hugging Face Hub is linked. */
    public FineTuning<I, T, O, E, P> dataName(String value) {
        return with(o -> o.dataName = value);
    }

    /** Hears about downloads. */
    public FineTuning<I, T, O, E, P> downloadListener(DownloadListener value) {
        return with(fetch.withListener(value));
    }

    /** A folder for downloads instead of the hub's usual cache. */
    public FineTuning<I, T, O, E, P> cache(Path folder) {
        return with(fetch.withCache(folder));
    }

    /** Whether only the cache is read and no socket is opened. */
    public FineTuning<I, T, O, E, P> offline(boolean value) {
        return with(fetch.withOffline(value));
    }

    /** Examples that are not trained on but measured after each epoch. */
    public FineTuning<I, T, O, E, P> validation(Dataset<I, T> data) {
        return new FineTuning<>(id, factory, tuning, fetch, options, data);
    }

    /**
     * Fits.
     *
     * <p>What may surprise: the labels are those of the training data. Where they are the same set as the model's own, its head goes
     * on; else a new head begins. A class of the validation data that training never shows is an error, because no answer could be
     * right. One example for each class is enough to run. Without validation data nothing is measured, and early stopping watches
     * the training loss. Large gradients are scaled down to the norm of {@link #clip}; a loss, a gradient or a weight that is no
     * longer a number ends the training with an exception that names the step. Two trainings may run in one process at the same
     * time: their steps take turns, because libtorch has one random generator, and each gives the same result as alone.
     *
     * @throws dev.tailor.TailorException if the data has fewer than two classes, the model cannot be fitted for the task, or
     *     the training diverges
     */
    public FineTuned<I, T, O, E, P> fit(Dataset<I, T> train) {
        return new Fitting<>(Hubs.fetch(id, fetch), factory, tuning, options, train, validation).run();
    }

    /**
     * Sweeps the learning rate from 1e-7 to 10 over 100 steps of this recipe, and suggests one. Nothing changes but memory: the
     * network of the sweep is thrown away.
     *
     * @throws dev.tailor.TailorException as {@link #fit}, and if the strategy is a head that has no learning rate, such as
     *     logistic regression
     */
    public LearningRateCurve findLearningRate(Dataset<I, T> train) {
        return findLearningRate(train, 1e-7, 10, 100);
    }

    /** As {@link #findLearningRate(Dataset)}, from one rate to another in so many steps, at least 3. */
    public LearningRateCurve findLearningRate(Dataset<I, T> train, double low, double high, int steps) {
        Options.positive("low", low);
        Options.positive("high - low", high - low);
        Options.within("steps", steps, 3, Integer.MAX_VALUE);
        Course.Sweep sweep =
                (network, recipe, passes, source) -> RateSweep.run(network, recipe, passes, source, low, high, steps);
        return new LearningRateCurve(
                new Fitting<>(Hubs.fetch(id, fetch), factory, tuning, options, train, Dataset.of(List.of()))
                        .sweep(sweep));
    }

    /**
     * Searches for settings: each trial fits anew with what {@code settings} makes of this and the trial, and is compared by its
     * smallest validation loss. Fit once more with the best to get the model. Trials of {@link Strategy#featureExtraction()} share
     * features as long as they share seed and batch size.
     *
     * @throws dev.tailor.TailorException if the log belongs to another search; a trial that fails is noted only
     */
    public SearchResult search(
            HyperparameterSearch search,
            Dataset<I, T> train,
            BiFunction<FineTuning<I, T, O, E, P>, Trial, FineTuning<I, T, O, E, P>> settings) {
        try (FeatureStore store = new FeatureStore()) {
            FineTuning<I, T, O, E, P> sharing = with(o -> o.store = store);
            return search.run(trial -> {
                FineTuning<I, T, O, E, P> chosen = settings.apply(sharing, trial);
                chosen.listeners(chosen.options.listener, trial.listener())
                        .fit(train)
                        .close();
            });
        }
    }
}
