package dev.tailor.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies a function node by node, so that a pass can put something else in a node's place. The copy shares the weights'
 * keys; a pass may combine weights into new values, which an engine computes once at load.
 */
public final class Rewriter {

    /** Decides what stands in a node's place. */
    @FunctionalInterface
    public interface Rule {
        /**
         * Returns the replacement of a node.
         *
         * @param node the original
         * @param inputs its operands, already rewritten
         * @param rewriter makes nodes; {@link #copy} keeps the node as it is
         */
        Value apply(Value node, List<Value> inputs, Rewriter rewriter);
    }

    private final Tracer tracer;

    private Rewriter(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Rewrites every node that the outputs need. */
    public static Program.Function rewrite(Program.Function function, Rule rule) {
        Rewriter rewriter = new Rewriter(Tracer.withoutWeights());
        Map<Integer, Value> done = new HashMap<>();
        // Arguments first: a rewritten function keeps even those that it no longer needs, in their order.
        function.inputs().forEach(v -> done.put(v.id(), rewriter.copy(v, List.of())));
        for (Value node : function.nodes()) {
            if (!done.containsKey(node.id())) {
                List<Value> inputs =
                        node.inputs().stream().map(v -> done.get(v.id())).toList();
                done.put(node.id(), rule.apply(node, inputs, rewriter));
            }
        }
        Map<String, Value> outputs = new LinkedHashMap<>();
        function.outputs().forEach((name, value) -> outputs.put(name, done.get(value.id())));
        return new Program.Function(
                function.name(),
                function.inputs().stream().map(v -> done.get(v.id())).toList(),
                outputs,
                function.limits());
    }

    /**
     * The part of a function behind one of its outputs: a function of that value alone, which becomes the argument.
     *
     * @param output the output to start from; the others are kept
     * @throws IllegalArgumentException if there is no such output, or another one needs more than that value and weights
     */
    public static Program.Function tail(Program.Function function, String output) {
        Value cut = function.output(output);
        Rewriter rewriter = new Rewriter(Tracer.withoutWeights());
        Value argument = rewriter.tracer.input(output, cut.kind(), cut.shape());
        Map<Integer, Value> done = new HashMap<>(Map.of(cut.id(), argument));
        Map<String, Value> outputs = new LinkedHashMap<>();
        function.outputs().forEach((name, value) -> {
            if (!name.equals(output)) {
                outputs.put(name, rewriter.descend(value, done));
            }
        });
        return new Program.Function("head", List.of(argument), outputs, Map.of());
    }

    /** The function with a loss as a further output and the targets as further inputs. */
    static Program.Function withLoss(Program.Function function, Objective objective) {
        Rewriter rewriter = new Rewriter(Tracer.withoutWeights());
        Map<Integer, Value> done = new HashMap<>();
        function.inputs().forEach(v -> done.put(v.id(), rewriter.copy(v, List.of())));
        Map<String, Value> outputs = new LinkedHashMap<>();
        function.outputs().forEach((name, value) -> outputs.put(name, rewriter.descend(value, done)));
        Scope scope = new Scope(rewriter.tracer, "", Init.zeros());
        outputs.put(Objective.LOSS, objective.loss(scope, Map.copyOf(outputs)));
        return new Program.Function("loss_of_" + function.name(), rewriter.tracer.inputs(), outputs, function.limits());
    }

    private Value descend(Value node, Map<Integer, Value> done) {
        Value known = done.get(node.id());
        if (known != null) {
            return known;
        }
        if (node.op() instanceof Op.Input input) {
            throw new IllegalArgumentException("the head also reads the input " + input.name());
        }
        List<Value> inputs = node.inputs().stream().map(v -> descend(v, done)).toList();
        Value result = copy(node, inputs);
        done.put(node.id(), result);
        return result;
    }

    /** The node as it is, on rewritten operands. */
    public Value copy(Value node, List<Value> inputs) {
        return node.op() instanceof Op.Input input
                ? tracer.input(input.name(), node.kind(), node.shape())
                : tracer.node(node.op(), inputs, node.kind(), node.shape());
    }

    /** A new node. */
    public Value node(Op op, List<Value> inputs, Kind kind, List<Size> shape) {
        return tracer.node(op, inputs, kind, shape);
    }

    /** How often each value of a function is an operand or an output, by id. */
    public static Map<Integer, Integer> uses(Program.Function function) {
        Map<Integer, Integer> uses = new HashMap<>();
        function.nodes().forEach(n -> n.inputs().forEach(v -> uses.merge(v.id(), 1, Integer::sum)));
        function.outputs().values().forEach(v -> uses.merge(v.id(), 1, Integer::sum));
        return uses;
    }

    /** The nodes that have each value as an operand, by id, in their order; a node stands once for each such operand. */
    public static Map<Integer, List<Value>> readers(Program.Function function) {
        Map<Integer, List<Value>> readers = new HashMap<>();
        function.nodes()
                .forEach(n -> n.inputs()
                        .forEach(v -> readers.computeIfAbsent(v.id(), id -> new ArrayList<>())
                                .add(n)));
        return readers;
    }
}
