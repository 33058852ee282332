package dev.tailor.engine.torch;

import dev.tailor.engine.torch.LinearKernel.Fused;
import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Value;
import java.util.HashMap;
import java.util.HashSet;
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
     * One call of a kernel.
     *
     * @param linear the layer
     * @param kernel what computes it
     * @param fused the activation behind it
     * @param added what is added to the result, or null
     */
    record Call(
            Value linear,
            LinearKernel kernel,
            Fused fused,
            @Nullable Value added) {}

    /** Calls by the node whose value they give. */
    private final Map<Integer, Call> calls = new HashMap<>();
    /** Layers whose value nobody but the fused node reads. */
    private final Set<Integer> absorbed = new HashSet<>();

    private PackedLinears() {}

    /**
     * Plans the calls.
     *
     * @param constant the nodes that are known at load
     * @param kernels the kernels in the order of preference; layers that none takes stay as they are
     */
    static PackedLinears of(Program.Function function, Set<Integer> constant, List<LinearKernel> kernels) {
        PackedLinears plan = new PackedLinears();
        List<Value> nodes = function.nodes();
        for (Value node : nodes) {
            if (node.op() instanceof Op.Linear && Constants.weigh(node, constant)) {
                kernels.stream()
                        .filter(k -> k.takes(node))
                        .findFirst()
                        .ifPresent(k -> plan.calls.put(node.id(), new Call(node, k, Fused.NOTHING, null)));
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
            Call alone = calls.get(linear.id());
            boolean free = linear.op() instanceof Op.Linear && uses.getOrDefault(linear.id(), 0) == 1;
            Optional<Call> call = alone != null && free ? together(alone, node, i) : Optional.empty();
            if (call.isPresent()) {
                calls.put(node.id(), call.get());
                calls.remove(linear.id());
                absorbed.add(linear.id());
                return;
            }
        }
    }

    private static Optional<Call> together(Call alone, Value node, int operand) {
        Value linear = alone.linear();
        if (node.op() instanceof Op.Binary sum && sum.function() == Op.Binary.Function.ADD) {
            Value other = node.inputs().get(1 - operand);
            boolean same = other.kind() == Kind.FLOAT && other.shape().equals(linear.shape());
            return same ? Optional.of(new Call(linear, alone.kernel(), Fused.NOTHING, other)) : Optional.empty();
        }
        return node.op() instanceof Op.Unary unary
                ? Activations.fused(unary.function())
                        .filter(f -> alone.kernel().fuses(f.activation()))
                        .map(f -> new Call(linear, alone.kernel(), f, null))
                : Optional.empty();
    }

    /** Whether a layer is computed where its only reader stands. */
    boolean absorbs(Value node) {
        return absorbed.contains(node.id());
    }

    /** The call that gives this node's value, where there is one. */
    Optional<Call> at(Value node) {
        return Optional.ofNullable(calls.get(node.id()));
    }
}
