package dev.tailor.engine.torch;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes linear layers that read the same value as one with more outputs, as the projections to queries, keys and values in
 * an attention. The joined weight depends on weights alone, so it is made once, at load; a part of a result is a view.
 */
final class JoinedLinears {
    private JoinedLinears() {}

    /** Joins layers of known weights whose results are only read as heads, which a view can give without a copy. */
    static Program.Function apply(Program.Function function) {
        Map<Integer, List<Value>> groups = groups(function);
        return Rewriter.rewrite(function, (node, inputs, rewriter) -> {
            List<Value> group = node.op() instanceof Op.Linear
                    ? groups.getOrDefault(node.inputs().get(0).id(), List.of())
                    : List.of();
            int place = group.indexOf(node);
            if (place < 0 || group.size() == 1) {
                return rewriter.copy(node, inputs);
            }
            long start = group.subList(0, place).stream()
                    .mapToLong(JoinedLinears::width)
                    .sum();
            return joined(group, inputs.get(0), rewriter).slice(-1, start, start + width(node));
        });
    }

    /** Layers by the value they read. */
    private static Map<Integer, List<Value>> groups(Program.Function function) {
        List<Value> nodes = function.nodes();
        Set<Integer> constant = Constants.of(nodes);
        Map<Integer, List<Value>> readers = Rewriter.readers(function);
        Map<Integer, List<Value>> groups = new HashMap<>();
        for (Value node : nodes) {
            boolean joins = node.op() instanceof Op.Linear
                    && Constants.weigh(node, constant)
                    && !function.outputs().containsValue(node)
                    && readers.getOrDefault(node.id(), List.of()).stream().allMatch(r -> r.op() instanceof Op.Reshape);
            if (joins) {
                groups.computeIfAbsent(node.inputs().get(0).id(), id -> new ArrayList<>())
                        .add(node);
            }
        }
        return groups;
    }

    /** The layer of all outputs; the same node at each call, for equal operations on equal operands are one node. */
    private static Value joined(List<Value> group, Value x, Rewriter rewriter) {
        List<Value> operands = new ArrayList<>(List.of(
                x,
                row(group.stream().map(l -> known(l.inputs().get(1), rewriter)).toList())));
        if (group.stream().anyMatch(l -> l.inputs().size() > 2)) {
            operands.add(row(group.stream().map(l -> bias(l, rewriter)).toList()));
        }
        List<Size> shape = new ArrayList<>(group.get(0).shape());
        shape.set(
                shape.size() - 1,
                Size.of(group.stream().mapToLong(JoinedLinears::width).sum()));
        return rewriter.node(new Op.Linear(), operands, Kind.FLOAT, shape);
    }

    private static Value row(List<Value> parts) {
        return parts.get(0).concat(0, parts.subList(1, parts.size()).toArray(new Value[0]));
    }

    private static Value bias(Value linear, Rewriter rewriter) {
        if (linear.inputs().size() > 2) {
            return known(linear.inputs().get(2), rewriter);
        }
        List<Size> shape = List.of(Size.of(width(linear)));
        return rewriter.node(new Op.Full(shape, 0), List.of(), Kind.FLOAT, shape);
    }

    /** A copy of what depends on weights alone, whose turn may come later. */
    private static Value known(Value node, Rewriter rewriter) {
        return rewriter.copy(
                node, node.inputs().stream().map(v -> known(v, rewriter)).toList());
    }

    private static long width(Value linear) {
        return linear.size(-1).constant();
    }
}
