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

    /**
     * What a batch costs beyond its elements, in elements: the network's weights come to the processor once for each. For an
     * encoder in MiniLM's shape it was measured as about 15 tokens.
     */
    private static final int BATCH = 16;

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
        int[] lengths = inputs.stream().mapToInt(length).toArray();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
        order.sort(Comparator.comparingInt(i -> lengths[i]));
        int[] ends = ends(order.stream().mapToInt(i -> lengths[i]).toArray(), size, area);
        List<R> results = new ArrayList<>(Collections.nCopies(inputs.size(), null));
        for (int from = 0; from < ends.length; from = ends[from]) {
            List<Integer> chunk = order.subList(from, ends[from]);
            List<R> answers = run.apply(chunk.stream().map(inputs::get).toList());
            for (int i = 0; i < chunk.size(); i++) {
                results.set(chunk.get(i), answers.get(i));
            }
        }
        return results;
    }

    /**
     * Where the batch ends that begins at a place, such that all batches together cost least: one more batch costs as much as
     * {@link #BATCH} elements of padding.
     *
     * @param sorted ascending lengths
     */
    static int[] ends(int[] sorted, int size, long area) {
        int[] ends = new int[sorted.length];
        long[] costs = new long[sorted.length + 1];
        for (int from = sorted.length - 1; from >= 0; from--) {
            costs[from] = Long.MAX_VALUE;
            for (int to = from + 1; to <= Math.min((long) from + size, sorted.length); to++) {
                long padded = (long) (to - from) * sorted[to - 1];
                if (to > from + 1 && padded > area) {
                    break;
                }
                long cost = BATCH + padded + costs[to];
                // Where it makes no difference, the first batches are full.
                if (cost <= costs[from]) {
                    costs[from] = cost;
                    ends[from] = to;
                }
            }
        }
        return ends;
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
