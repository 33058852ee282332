package dev.tailor.transfer.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A fixed, numbered collection of examples.
 *
 * <p>Implementations are immutable and safe for use by many threads at once. An input may be loaded only when
 * {@link #get} asks for it, so a data set can be larger than memory; targets are always at hand.
 *
 * @param <I> what the model sees, for example an image or a text
 * @param <T> what it should answer, for example the label as a string
 */
public interface Dataset<I, T> extends Iterable<Example<I, T>> {
    /** Returns the number of examples, 0 or more. */
    int size();

    /**
     * Returns one example, loading its input if need be.
     *
     * @param index from 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException when there is no such example
     * @throws dev.tailor.TailorException when the input cannot be loaded; the message names its source
     */
    Example<I, T> get(int index);

    /**
     * Returns the target of one example without loading its input.
     *
     * @throws IndexOutOfBoundsException when there is no such example
     */
    T target(int index);

    /** Returns all targets in order, without loading inputs. */
    default List<T> targets() {
        List<T> targets = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            targets.add(target(i));
        }
        return Collections.unmodifiableList(targets);
    }

    /** Loads and returns all inputs in order. */
    default List<I> inputs() {
        List<I> inputs = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            inputs.add(get(i).input());
        }
        return Collections.unmodifiableList(inputs);
    }

    /** Returns how often each target occurs, in the order of first appearance. */
    default Map<T, Integer> counts() {
        Map<T, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < size(); i++) {
            counts.merge(target(i), 1, Integer::sum);
        }
        return Collections.unmodifiableMap(counts);
    }

    /**
     * Returns a view of the given examples, in the given order; an index may repeat.
     *
     * @throws IndexOutOfBoundsException when an index does not exist here
     */
    default Dataset<I, T> subset(int... indices) {
        return Subset.of(this, indices.clone());
    }

    /** As {@link #subset(int...)}. */
    default Dataset<I, T> subset(IntStream indices) {
        return Subset.of(this, indices.toArray());
    }

    /** As {@link #subset(int...)}. */
    default Dataset<I, T> subset(List<Integer> indices) {
        return subset(indices.stream().mapToInt(Integer::intValue));
    }

    /**
     * Splits at random so that both sides have the same mix of targets.
     *
     * <p>Every target that occurs at least twice appears on both sides; those that occur once are shared out together, so
     * numeric targets work too. Both sides keep this data set's order. The same seed gives the same split.
     *
     * @param trainFraction the share of the training side, above 0 and below 1; met to within one example unless many
     *     targets are so rare that each needs one example on either side
     * @param seed any number
     * @throws IllegalArgumentException when the fraction is not between 0 and 1, or there are fewer than 2 examples
     */
    default Split<I, T> split(double trainFraction, long seed) {
        boolean[] train = Stratified.train(targets(), trainFraction, seed);
        return new Split<>(
                subset(IntStream.range(0, train.length).filter(i -> train[i])),
                subset(IntStream.range(0, train.length).filter(i -> !train[i])));
    }

    /**
     * Draws so many examples of each target, or all of a target that has fewer, and returns them in this data set's order. The
     * same seed gives the same examples.
     *
     * @param count at least 1
     * @param seed any number
     * @throws IllegalArgumentException when the count is below 1
     */
    default Dataset<I, T> fewOfEach(int count, long seed) {
        return subset(Stratified.few(targets(), count, seed));
    }

    /**
     * Cuts into {@code count} parts of like size and like mix of targets, and returns one split for each: the part itself to
     * measure on, all others to learn from (k-fold cross-validation). Of every target, and in all, two parts differ by at most
     * one example. Every side keeps this data set's order. The same seed gives the same parts.
     *
     * @param count at least 2 and at most {@link #size}
     * @param seed any number
     * @throws IllegalArgumentException when the count is out of range
     */
    default List<Split<I, T>> folds(int count, long seed) {
        int[] fold = Stratified.folds(targets(), count, seed);
        return IntStream.range(0, count)
                .mapToObj(f -> new Split<>(
                        subset(IntStream.range(0, fold.length).filter(i -> fold[i] != f)),
                        subset(IntStream.range(0, fold.length).filter(i -> fold[i] == f))))
                .toList();
    }

    /** Returns how the targets are spread: counts and shares of labels, or the range of numbers. Loads no inputs. */
    default DataSummary summary() {
        return DataSummary.of(targets());
    }

    /**
     * Loads every input once and returns what is wrong: inputs that cannot be read, equal inputs with one target, equal inputs
     * with contradicting targets. Runs on the common pool.
     */
    default DataReport inspect() {
        return DataReport.of(this);
    }

    /**
     * Loads every input once and returns a view of those that can be read; the others are named in one warning in the log. What
     * becomes unreadable later still fails.
     */
    default Dataset<I, T> readable() {
        return DataReport.readable(this);
    }

    /**
     * Loads every input once and returns this data set if all of them can be read.
     *
     * @throws dev.tailor.TailorException when one cannot; the message counts them and names the first
     */
    default Dataset<I, T> strict() {
        DataReport report = inspect();
        report.refuseUnreadable();
        return this;
    }

    @Override
    default Iterator<Example<I, T>> iterator() {
        return IntStream.range(0, size()).mapToObj(this::get).iterator();
    }

    /** Creates a data set of examples that are in memory already. */
    static <I, T> Dataset<I, T> of(List<Example<I, T>> examples) {
        return new ListDataset<>(List.copyOf(examples));
    }

    /**
     * Creates a data set of anything that can be gone through: a query's rows, a generator. It is gone through once, now, and
     * the examples are kept in memory; see {@link #lazy} for inputs that do not fit there.
     */
    static <I, T> Dataset<I, T> of(Iterable<? extends Example<I, T>> examples) {
        List<Example<I, T>> list = new ArrayList<>();
        examples.forEach(list::add);
        return new ListDataset<>(List.copyOf(list));
    }

    /** Creates a data set of a stream, which is read to its end and closed; the examples are kept in memory. */
    static <I, T> Dataset<I, T> of(Stream<? extends Example<I, T>> examples) {
        try (examples) {
            return new ListDataset<>(examples.collect(Collectors.toUnmodifiableList()));
        }
    }

    /**
     * Creates a data set whose inputs are loaded whenever they are needed, from a file or a database, and not kept. Training
     * reads ahead on other threads.
     *
     * @param targets the target of each example, in order
     * @param input loads the input of an example by its index; called from many threads at once and as often as there are
     *     epochs, and always to the same result; a {@link dev.tailor.TailorException} says that an input cannot be read
     */
    static <I, T> Dataset<I, T> lazy(List<? extends T> targets, IntFunction<? extends I> input) {
        return new LazyDataset<>(List.copyOf(targets), input);
    }

    /** Creates a data set of inputs that are in memory already; the function says the target of each and is called once. */
    static <I, T> Dataset<I, T> of(Collection<? extends I> inputs, Function<? super I, ? extends T> label) {
        List<Example<I, T>> examples = new ArrayList<>(inputs.size());
        for (I input : inputs) {
            String source = "item " + examples.size();
            T target = Objects.requireNonNull(label.apply(input), () -> "The label function gave null for " + source);
            examples.add(new Example<>(input, target, source));
        }
        return new ListDataset<>(List.copyOf(examples));
    }
}
