package dev.tailor.zoo.pipelines;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** Runs many inputs in batches of like length and gives the answers back in order. */
final class Batches {
    private Batches() {}

    /**
     * Runs batches.
     *
     * @param length inputs of like length share a batch, so that little is padded
     * @param run answers a batch, in its order
     */
    static <T, R> List<R> run(List<T> inputs, int size, ToIntFunction<T> length, Function<List<T>, List<R>> run) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, inputs.size()).boxed().toList());
        order.sort(Comparator.comparingInt(i -> length.applyAsInt(inputs.get(i))));
        List<R> results = new ArrayList<>(Collections.nCopies(inputs.size(), null));
        for (int from = 0; from < order.size(); from += size) {
            List<Integer> chunk = order.subList(from, Math.min(from + size, order.size()));
            List<R> answers = run.apply(chunk.stream().map(inputs::get).toList());
            for (int i = 0; i < chunk.size(); i++) {
                results.set(chunk.get(i), answers.get(i));
            }
        }
        return results;
    }
}
