package dev.tailor.transfer;

import ai.djl.Device;
import dev.tailor.ModelId;
import dev.tailor.Pipeline;
import dev.tailor.Registry;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.Hubs;
import dev.tailor.task.Classification;
import dev.tailor.task.Trainable;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.TrainingListener;
import java.nio.file.Path;
import java.util.List;
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
 * @param <P> the pipeline that results
 */
public final class FineTuning<I, T, P extends Pipeline<I, Classification> & Trainable<T>> {
    /** At one the target itself would no longer count. */
    private static final double MOST_SMOOTHING = 0.999;

    private final ModelId id;
    private final TaskFactory<I, P> factory;
    private final FetchRequest fetch;
    private final Options options;
    private final Dataset<I, T> validation;

    private FineTuning(
            ModelId id, TaskFactory<I, P> factory, FetchRequest fetch, Options options, Dataset<I, T> validation) {
        this.id = id;
        this.factory = factory;
        this.fetch = fetch;
        this.options = options;
        this.validation = validation;
    }

    /**
     * A model by its id, for a task that can be fitted.
     *
     * @throws IllegalArgumentException if the id is malformed
     */
    public static <I, T, P extends Pipeline<I, Classification> & Trainable<T>> FineTuning<I, T, P> of(
            String id, Task<P> task) {
        return of(ModelId.parse(id), task);
    }

    /** A model in a folder. */
    public static <I, T, P extends Pipeline<I, Classification> & Trainable<T>> FineTuning<I, T, P> of(
            Path folder, Task<P> task) {
        return of(ModelId.of(folder), task);
    }

    private static <I, T, P extends Pipeline<I, Classification> & Trainable<T>> FineTuning<I, T, P> of(
            ModelId id, Task<P> task) {
        TaskFactory<I, P> factory = Registry.factory(task);
        return new FineTuning<>(id, factory, FetchRequest.defaults(), new Options(), Dataset.of(List.of()));
    }

    private FineTuning<I, T, P> with(Consumer<Options> change) {
        return new FineTuning<>(id, factory, fetch, options.with(change), validation);
    }

    private FineTuning<I, T, P> with(FetchRequest changed) {
        return new FineTuning<>(id, factory, changed, options, validation);
    }

    /** What changes; {@link Strategy#featureExtraction()} by default. */
    public FineTuning<I, T, P> strategy(Strategy value) {
        return with(o -> o.strategy = value);
    }

    /** Passes over the data, at least one; by default 30 for feature extraction, whose passes are cheap, else 3. */
    public FineTuning<I, T, P> epochs(int value) {
        return with(o -> o.epochs = Options.atLeastOne("epochs", value));
    }

    /** Examples of one update, at least one; 32 by default. */
    public FineTuning<I, T, P> batchSize(int value) {
        return with(o -> o.batchSize = Options.atLeastOne("batchSize", value));
    }

    /**
     * The largest learning rate; by default 5e-3 for feature extraction, 5e-5 for networks with attention and 1e-3 for others.
     */
    public FineTuning<I, T, P> learningRate(double value) {
        return with(o -> o.learningRate = Options.positive("learningRate", value));
    }

    /** Decay of weights other than biases and norms; by default 1 for feature extraction, else 0.01. */
    public FineTuning<I, T, P> weightDecay(double value) {
        return with(o -> o.weightDecay = Options.within("weightDecay", value, 0, Double.MAX_VALUE));
    }

    /** Share of all steps until the full learning rate, in {@code [0, 1]}; 0.1 by default. */
    public FineTuning<I, T, P> warmup(double value) {
        return with(o -> o.warmup = Options.within("warmup", value, 0, 1));
    }

    /** Largest norm of all gradients together; 1 by default. */
    public FineTuning<I, T, P> clip(double value) {
        return with(o -> o.clip = Options.positive("clip", value));
    }

    /** Share of the target spread over all classes, in {@code [0, 0.999]}; 0 by default. */
    public FineTuning<I, T, P> labelSmoothing(double value) {
        return with(o -> o.labelSmoothing = Options.within("labelSmoothing", value, 0, MOST_SMOOTHING));
    }

    /** Seeds new weights, the order of examples and dropout; with one thread a run repeats bit for bit. 0 by default. */
    public FineTuning<I, T, P> seed(long value) {
        return with(o -> o.seed = value);
    }

    /** Where to run; chosen by itself without it. */
    public FineTuning<I, T, P> device(Device value) {
        return with(o -> o.device = value);
    }

    /** Threads within one step, at least one; all cores without it. */
    public FineTuning<I, T, P> threads(int value) {
        return with(o -> o.threads = Options.atLeastOne("threads", value));
    }

    /**
     * Starts from new weights instead of the pretrained ones: what the same network learns from the examples alone. Goes with
     * {@link Strategy#fullFineTuning()}.
     */
    public FineTuning<I, T, P> fromScratch() {
        return with(o -> {
            o.scratch = true;
            o.strategy = Strategy.fullFineTuning();
        });
    }

    /** Hears how the training goes on, such as {@link Progress#console()}. */
    public FineTuning<I, T, P> listener(TrainingListener value) {
        return with(o -> o.listener = value);
    }

    /** Hears about downloads. */
    public FineTuning<I, T, P> downloadListener(DownloadListener value) {
        return with(fetch.withListener(value));
    }

    /** A folder for downloads instead of the hub's usual cache. */
    public FineTuning<I, T, P> cache(Path folder) {
        return with(fetch.withCache(folder));
    }

    /** Whether only the cache is read and no socket is opened. */
    public FineTuning<I, T, P> offline(boolean value) {
        return with(fetch.withOffline(value));
    }

    /** Examples that are not trained on but measured after each epoch. */
    public FineTuning<I, T, P> validation(Dataset<I, T> data) {
        return new FineTuning<>(id, factory, fetch, options, data);
    }

    /**
     * Fits.
     *
     * @throws dev.tailor.TailorException if the data has fewer than two classes, the model cannot be fitted for the task, or
     *     the training diverges
     */
    public FineTuned<I, T, P> fit(Dataset<I, T> train) {
        return new Fitting<I, T, P>(Hubs.fetch(id, fetch), factory, options, train, validation).run();
    }
}
