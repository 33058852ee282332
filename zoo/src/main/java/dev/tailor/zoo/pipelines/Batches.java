package dev.tailor.zoo.pipelines;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** Runs many inputs in batches of like length and gives the answers back in order. */
final class Batches {
    /** The most characters whose tokens lie on the heap at once, a single longer text aside. */
    private static final long CHARACTERS = 1 << 19;

    private Batches() {}

    /** Runs batches of at most {@code size} inputs. */
    static <T, R> List<R> run(List<T> inputs, int size, ToIntFunction<T> length, Function<List<T>, List<R>> run) {
        return run(inputs, size, Long.MAX_VALUE, length, run);
    }

    /**
     * Runs batches.
     *
     * @param size the most inputs of a batch
     * @param area the most elements of a padded batch, unless a single input is longer
     * @param length inputs of like length share a batch, so that little is padded
     * @param run answers a batch, in its order
     */
    static <T, R> List<R> run(
            List<T> inputs, int size, long area, ToIntFunction<T> length, Function<List<T>, List<R>> run) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, inputs.size()).boxed().toList());
        order.sort(Comparator.comparingInt(i -> length.applyAsInt(inputs.get(i))));
        List<R> results = new ArrayList<>(Collections.nCopies(inputs.size(), null));
        for (int from = 0, to; from < order.size(); from = to) {
            to = from + 1;
            while (to < Math.min(from + size, order.size())
                    && (to + 1L - from) * length.applyAsInt(inputs.get(order.get(to))) <= area) {
                to++;
            }
            List<Integer> chunk = order.subList(from, to);
            List<R> answers = run.apply(chunk.stream().map(inputs::get).toList());
            for (int i = 0; i < chunk.size(); i++) {
                results.set(chunk.get(i), answers.get(i));
            }
        }
        return results;
    }

    /**
     * Answers a long list part by part, so that what lies between texts and answers never fills the heap.
     *
     * @param characters the length of an input
     * @param run answers a part, in its order
     */
    static <T, R> List<R> inParts(List<T> inputs, ToLongFunction<T> characters, Function<List<T>, List<R>> run) {
        List<R> results = new ArrayList<>();
        for (int from = 0, to; from < inputs.size(); from = to) {
            to = from;
            for (long sum = 0; to < inputs.size() && (to == from || sum < CHARACTERS); to++) {
                sum += characters.applyAsLong(inputs.get(to));
            }
            results.addAll(run.apply(inputs.subList(from, to)));
        }
        return results;
    }
}
