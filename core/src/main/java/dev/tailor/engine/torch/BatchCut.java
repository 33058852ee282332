package dev.tailor.engine.torch;

import dev.tailor.program.AxisLengths;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts batches whose intermediate values are large into parts that run one after the other. A processor's cache holds the
 * values of a part, and glibc reuses memory of up to 32 MiB, while larger pieces come from the system anew each time, page by
 * page. Only for functions that compute each example of a batch by itself.
 */
final class BatchCut {
    /** What the largest value of a part may take; larger ones gain nothing, much smaller ones lose to more calls. */
    private static final long MOST_BYTES = 20L << 20;

    private final List<Value> inputs;
    /** The shapes of what is computed. */
    private final Set<List<Size>> shapes;

    private BatchCut(List<Value> inputs, Set<List<Size>> shapes) {
        this.inputs = inputs;
        this.shapes = shapes;
    }

    /** The way to cut a function's batches, where they may be cut. */
    static Optional<BatchCut> of(Program.Function function) {
        Set<Integer> constant = Constants.of(function.nodes());
        List<Value> nodes = function.nodes().stream()
                .filter(v -> !constant.contains(v.id()))
                .toList();
        Size first =
                function.inputs().get(0).rank() > 0 ? function.inputs().get(0).size(0) : Size.of(1);
        boolean possible = first instanceof Size.Axis
                && leads(first, function.inputs())
                && leads(first, function.outputs().values())
                && nodes.stream().noneMatch(v -> mixes(v, first));
        if (!possible) {
            return Optional.empty();
        }
        Set<List<Size>> shapes = new LinkedHashSet<>();
        nodes.forEach(v -> shapes.add(v.shape()));
        return Optional.of(new BatchCut(function.inputs(), shapes));
    }

    private static boolean leads(Size batch, Collection<Value> values) {
        return values.stream()
                .allMatch(v -> v.rank() > 0
                        && v.size(0).equals(batch)
                        && !v.shape().subList(1, v.rank()).contains(batch));
    }

    /** Whether an operation may look at several examples, or take the batch out of its place. */
    private static boolean mixes(Value node, Size batch) {
        boolean reads =
                node.inputs().stream().anyMatch(v -> v.rank() > 0 && v.size(0).equals(batch));
        Op op = node.op();
        return reads
                && ((op instanceof Op.Permute permute && permute.axes().get(0) != 0)
                        || (op instanceof Op.Reduce reduce && reduce.axes().contains(0))
                        || (op instanceof Op.Softmax softmax && softmax.axis() == 0)
                        || (op instanceof Op.LogSoftmax softmax && softmax.axis() == 0)
                        || (op instanceof Op.CumulativeSum sum && sum.axis() == 0)
                        || (op instanceof Op.Slice slice && slice.axis() == 0)
                        || (op instanceof Op.Select select && select.axis() == 0)
                        || (op instanceof Op.Gather gather && gather.axis() == 0)
                        || (op instanceof Op.Concat concat && concat.axis() == 0));
    }

    /**
     * How many examples each part has, except perhaps the last one.
     *
     * @param sizes the shapes of the arguments
     * @param bytes how many a float takes
     */
    long rows(List<long[]> sizes, int bytes) {
        long batch = sizes.get(0)[0];
        if (batch == 1) {
            return batch;
        }
        Map<String, Long> axes = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            for (int d = 0; d < sizes.get(i).length; d++) {
                if (inputs.get(i).size(d) instanceof Size.Axis axis) {
                    axes.put(axis.name(), sizes.get(i)[d]);
                }
            }
        }
        AxisLengths lengths = new AxisLengths(axes);
        long largest = 1;
        for (List<Size> shape : shapes) {
            largest = Math.max(largest, shape.stream().mapToLong(lengths::of).reduce(bytes, (a, b) -> a * b));
        }
        long fitting = Math.max(1, MOST_BYTES * batch / largest);
        long parts = (batch + fitting - 1) / fitting;
        return (batch + parts - 1) / parts;
    }
}
