package dev.tailor.engine.torch;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Linear layers of a function as oneDNN computes them best: the weight in the order that its kernel reads, brought there once
 * at load, and the activation or the sum behind the layer within the same kernel. For inference on the CPU.
 */
final class PackedLinears {
    /**
     * One call of the kernel.
     *
     * @param linear the layer
     * @param activation what follows, as oneDNN names it, or {@code none}
     * @param algorithm the variant of that, or nothing
     * @param added what is added to the result, or null
     */
    private record Call(
            Value linear,
            String activation,
            String algorithm,
            @Nullable Value added) {}

    /** Calls by the node whose value they give. */
    private final Map<Integer, Call> calls = new HashMap<>();
    /** Layers whose value nobody but the fused node reads. */
    private final Map<Integer, Value> absorbed = new HashMap<>();

    private PackedLinears() {}

    /** For engines that have no such kernel. */
    static PackedLinears none() {
        return new PackedLinears();
    }

    /**
     * Plans the calls.
     *
     * @param constant the nodes that are known at load
     */
    static PackedLinears of(Program.Function function, Set<Integer> constant) {
        PackedLinears plan = new PackedLinears();
        List<Value> nodes = function.nodes();
        for (Value node : nodes) {
            boolean weights = node.op() instanceof Op.Linear
                    && node.inputs().stream().skip(1).allMatch(v -> constant.contains(v.id()));
            if (weights && !constant.contains(node.id())) {
                plan.calls.put(node.id(), new Call(node, "none", "", null));
            }
        }
        Map<Integer, Integer> uses = Rewriter.uses(function);
        for (Value node : nodes) {
            plan.absorbInto(node, uses);
        }
        return plan;
    }

    private void absorbInto(Value node, Map<Integer, Integer> uses) {
        for (int i = 0; i < node.inputs().size(); i++) {
            Value linear = node.inputs().get(i);
            boolean free = linear.op() instanceof Op.Linear
                    && calls.containsKey(linear.id())
                    && uses.getOrDefault(linear.id(), 0) == 1;
            Optional<Call> call = free ? together(linear, node, i) : Optional.empty();
            if (call.isPresent()) {
                calls.put(node.id(), call.get());
                calls.remove(linear.id());
                absorbed.put(linear.id(), linear);
                return;
            }
        }
    }

    private static Optional<Call> together(Value linear, Value node, int operand) {
        if (node.op() instanceof Op.Binary sum && sum.function() == Op.Binary.Function.ADD) {
            Value other = node.inputs().get(1 - operand);
            boolean same = other.kind() == Kind.FLOAT && other.shape().equals(linear.shape());
            return same ? Optional.of(new Call(linear, "add", "", other)) : Optional.empty();
        }
        return node.op() instanceof Op.Unary unary ? activated(linear, unary.function()) : Optional.empty();
    }

    private static Optional<Call> activated(Value linear, Op.Unary.Function function) {
        String name = switch (function) {
            case RELU -> "relu";
            case GELU, GELU_TANH -> "gelu";
            case SILU -> "swish";
            case TANH -> "tanh";
            case SIGMOID -> "sigmoid";
            case HARD_SWISH -> "hardswish";
            default -> "";
        };
        String algorithm =
                function == Op.Unary.Function.GELU_TANH ? "tanh" : function == Op.Unary.Function.GELU ? "none" : "";
        return name.isEmpty() ? Optional.empty() : Optional.of(new Call(linear, name, algorithm, null));
    }

    /** Whether a layer is computed where its only reader stands. */
    boolean absorbs(Value node) {
        return absorbed.containsKey(node.id());
    }

    /** The layer that is computed at this node, where there is one. */
    Optional<Value> at(Value node) {
        return Optional.ofNullable(calls.get(node.id())).map(Call::linear);
    }

    /** What that computation reads when it is called: all but the weights. */
    List<Value> arguments(Value node) {
        Call call = call(node);
        Value x = call.linear().inputs().get(0);
        return call.added() == null ? List.of(x) : List.of(x, call.added());
    }

    /**
     * The kernel's call.
     *
     * @param arguments the names of {@link #arguments}
     * @param weight the name of the packed weight
     * @param bias the name of the bias, or {@code None}
     */
    String expression(Value node, List<String> arguments, String weight, String bias) {
        Call call = call(node);
        String operands =
                String.join(", ", arguments) + ", " + weight + ", " + bias + ", \"" + call.activation() + "\"";
        return call.added() == null
                ? "ops.mkldnn._linear_pointwise(" + operands + ", [], \"" + call.algorithm() + "\")"
                : "ops.mkldnn._linear_pointwise(" + operands + ")";
    }

    /** The expression that packs a weight. */
    static String pack(String weight) {
        return "ops.mkldnn._reorder_linear_weight(" + weight + ", None)";
    }

    private Call call(Value node) {
        Call call = calls.get(node.id());
        if (call == null) {
            throw new IllegalStateException(node + " is no packed layer");
        }
        return call;
    }
}
