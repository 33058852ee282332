package dev.tailor.transfer.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.program.Losses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Inputs that are made when they are needed, with their labels.
 *
 * @param inputs makes the arrays by name, targets included
 * @param labels class ids, where the targets are such; those of a row's places one after another
 * @param values numbers, where the targets are such; those of an example one after another
 * @param axes of the labels
 */
@SuppressWarnings("ArrayRecordComponent")
public record Batch(Function<NDManager, Map<String, NDArray>> inputs, long[] labels, float[] values, long[] axes) {

    /** Labels without further axes than one. */
    public Batch(Function<NDManager, Map<String, NDArray>> inputs, long[] labels, float[] values) {
        this(inputs, labels, values, new long[] {labels.length});
    }

    /** Inputs with class ids as the target {@link Losses#LABELS}. */
    public static Batch classified(Function<NDManager, Map<String, NDArray>> inputs, long[] labels) {
        return classified(inputs, labels, labels.length);
    }

    /** Inputs with class ids of these axes. */
    public static Batch classified(Function<NDManager, Map<String, NDArray>> inputs, long[] labels, long... shape) {
        return new Batch(
                manager -> with(inputs.apply(manager), manager.create(labels, new Shape(shape))),
                labels,
                new float[0],
                shape);
    }

    /** Inputs with numbers as the target, {@code [examples, width]}. */
    public static Batch valued(Function<NDManager, Map<String, NDArray>> inputs, float[] values, int width) {
        Shape shape = new Shape(values.length / width, width);
        return new Batch(manager -> with(inputs.apply(manager), manager.create(values, shape)), new long[0], values);
    }

    private static Map<String, NDArray> with(Map<String, NDArray> inputs, NDArray labels) {
        Map<String, NDArray> all = new LinkedHashMap<>(inputs);
        all.put(Losses.LABELS, labels);
        return all;
    }
}
