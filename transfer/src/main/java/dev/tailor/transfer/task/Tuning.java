package dev.tailor.transfer.task;

import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.Evaluation;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.Loop;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One task in one training: examples become batches, outputs become a loss and a score. Immutable.
 *
 * @param <I> an example's input
 * @param <T> an example's target
 * @param <O> the pipeline's answer
 * @param <E> what measuring gives
 */
public interface Tuning<I, T, O, E extends Evaluation> {

    /** The config of the model that results. */
    ModelConfig config();

    /** Whether the head that the model came with goes on; else it starts anew. */
    boolean keepsHead();

    /** Whether one vector stands for a whole example, so that features can be computed once. */
    default boolean hasFeatures() {
        return true;
    }

    /** The labels by id; empty where the task has none. */
    List<String> labels();

    /** What each class weighs in the loss, by id; empty for equal ones. */
    default List<Double> classWeights() {
        return List.of();
    }

    /** What the data are, for a person, such as {@code 120 examples of 3 classes}. */
    String summary();

    /** What is minimised. */
    Objective objective();

    /**
     * What is minimised where targets are shares of classes, {@code [batch, classes]}, as mixed examples have them; none if the
     * task knows no such thing.
     */
    default Optional<Objective> mixedObjective() {
        return Optional.empty();
    }

    /** Whether an example's input can change and its target still be right. */
    default boolean changeable() {
        return true;
    }

    /** An example after an augmentation; the target stays as it is unless it tells of places in the input. */
    default Example<I, T> changed(Example<I, T> example, Augmentation<I> change, SplittableRandom random) {
        return new Example<>(change.apply(example.input(), random), example.target(), example.source());
    }

    /** A data set as batches with their targets. */
    Loop.Source source(Dataset<I, T> data, Preprocessor<I> preprocessor);

    /** Counts what is right in one pass over the validation data. */
    Loop.Score score();

    /** Measures a pipeline. */
    E evaluate(Pipeline<I, O> pipeline, Dataset<I, T> data);

    /** Makes the tuning for a training. */
    @FunctionalInterface
    interface Factory<I, T, O, E extends Evaluation> {
        /**
         * Looks at the data.
         *
         * @throws dev.tailor.TailorException if the model cannot be fitted to them
         */
        Tuning<I, T, O, E> prepare(Request<I, T> request);
    }

    /**
     * What is to be fitted to what.
     *
     * @param model how messages name the model
     * @param config the model's own config
     * @param head the head that the task needs
     * @param className the reference library's class with that head
     * @param train examples to learn from
     * @param validation examples to measure on, perhaps none
     * @param loss what the user chose about the loss
     */
    record Request<I, T>(
            String model,
            ModelConfig config,
            Head head,
            String className,
            Dataset<I, T> train,
            Dataset<I, T> validation,
            LossOptions loss) {}
}
