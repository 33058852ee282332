package dev.tailor.engine.torch;

import dev.tailor.engine.torch.LinearKernel.Fused;
import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of a function as oneDNN computes them best: channels last, with the activation behind them, or the sum with
 * a residual and its ReLU, within the same kernel. For inference on the CPU. {@link ClampedConvolutions} are planned alike.
 */
final class PackedConvolutions {
    /**
     * One call of the kernel.
     *
     * @param convolution the layer
     * @param fused the activation behind it, or behind the sum
     * @param added what is added to the result, or null
     * @param inPlace whether the result may take the memory of what is added
     */
    record Call(Value convolution, Fused fused, @Nullable Value added, boolean inPlace) {

        /**
         * The expression.
         *
         * @param x the name of the input, channels last
         * @param sum the name of {@link #added}, where there is one
         */
        String expression(String x, String weight, String bias, Optional<String> sum) {
            Op.Conv2d op = (Op.Conv2d) convolution.op();
            String layer = weight + ", " + bias + ", " + attributes(op);
            if (sum.isEmpty()) {
                return "ops.mkldnn._convolution_pointwise(" + x + ", " + layer + ", " + fused + ")";
            }
            String rectified = fused.equals(Fused.NOTHING) ? "None, [], None" : fused.toString();
            String operands = inPlace ? "_(" + sum.get() + ", " + x : "(" + x + ", " + sum.get();
            return "ops.mkldnn._convolution_pointwise" + operands + ", " + layer + ", \"add\", 1.0, " + rectified + ")";
        }

        static String attributes(Op.Conv2d op) {
            return op.padding() + ", " + op.stride() + ", " + op.dilation() + ", " + op.groups();
        }
    }

    /** Calls by the node whose value they give. */
    private final Map<Integer, Call> calls = new HashMap<>();
    /** The nodes that are computed elsewhere, with the node where. */
    private final Map<Integer, Integer> absorbed = new HashMap<>();

    private final List<Value> all = new ArrayList<>();
    private final boolean clamped;

    private PackedConvolutions(boolean clamped) {
        this.clamped = clamped;
    }

    /** For devices that have no such kernel. */
    static PackedConvolutions none() {
        return new PackedConvolutions(false);
    }

    /**
     * Plans the calls.
     *
     * @param constant the nodes that are known at load
     * @param clamped whether the kernels are those of {@link ClampedConvolutions}, which add nothing up
     */
    static PackedConvolutions of(Program.Function function, Set<Integer> constant, boolean clamped) {
        PackedConvolutions plan = new PackedConvolutions(clamped);
        List<Value> nodes = function.nodes();
        for (Value node : nodes) {
            if (node.op() instanceof Op.Conv2d && Constants.weigh(node, constant)) {
                plan.calls.put(node.id(), new Call(node, Fused.NOTHING, null, false));
                plan.all.add(node);
            }
        }
        Map<Integer, Integer> uses = Rewriter.uses(function);
        for (Value node : nodes) {
            plan.absorbInto(node, uses);
        }
        plan.shareMemory(function);
        return plan;
    }

    private void absorbInto(Value node, Map<Integer, Integer> uses) {
        for (int i = 0; i < node.inputs().size(); i++) {
            Value before = node.inputs().get(i);
            Call alone = calls.get(before.id());
            boolean free = uses.getOrDefault(before.id(), 0) == 1;
            Optional<Call> call = alone != null && free && alone.fused().equals(Fused.NOTHING)
                    ? together(alone, node, i)
                    : Optional.empty();
            if (call.isPresent()) {
                calls.put(node.id(), call.get());
                calls.remove(before.id());
                absorbed.put(before.id(), node.id());
                return;
            }
        }
    }

    private Optional<Call> together(Call alone, Value node, int operand) {
        Value convolution = alone.convolution();
        if (node.op() instanceof Op.Unary unary) {
            // Behind a sum the kernel knows nothing but a ReLU.
            boolean fits = alone.added() == null || unary.function() == Op.Unary.Function.RELU;
            return fits
                    ? Activations.fused(unary.function())
                            .filter(f -> !clamped || ClampedConvolutions.fuses(f))
                            .map(f -> new Call(convolution, f, alone.added(), false))
                    : Optional.empty();
        }
        boolean sum = node.op() instanceof Op.Binary b && b.function() == Op.Binary.Function.ADD;
        if (!sum || clamped || alone.added() != null) {
            return Optional.empty();
        }
        Value other = node.inputs().get(1 - operand);
        boolean same = other.kind() == Kind.FLOAT && other.shape().equals(convolution.shape());
        return same ? Optional.of(new Call(convolution, Fused.NOTHING, other, false)) : Optional.empty();
    }

    /** Lets a sum take the memory of its residual, where nobody reads that later. */
    private void shareMemory(Program.Function function) {
        Map<Integer, List<Value>> readers = Rewriter.readers(function);
        Set<Integer> results = new HashSet<>();
        function.outputs().values().forEach(v -> results.add(v.id()));
        calls.replaceAll((id, call) -> {
            Value added = call.added();
            // What a kernel has made has the right layout and memory of its own.
            boolean last = added != null
                    && calls.containsKey(added.id())
                    && !results.contains(added.id())
                    && readers.getOrDefault(added.id(), List.of()).stream()
                            .allMatch(r -> place(r.id()) == id || (place(r.id()) < id && !mayBeView(r)));
            return new Call(call.convolution(), call.fused(), added, last);
        });
    }

    /** Where a node is computed; nodes are computed in the order of their ids. */
    private int place(int id) {
        int place = id;
        while (absorbed.containsKey(place)) {
            place = absorbed.get(place);
        }
        return place;
    }

    /** Whether libtorch may give memory of the operand; more than a view, for some of these return what needs no change. */
    private static boolean mayBeView(Value node) {
        return FunctionText.isView(node)
                || node.op() instanceof Op.Pad
                || node.op() instanceof Op.Concat
                || node.op() instanceof Op.Resize2d
                || node.op() instanceof Op.Reduce;
    }

    /** The layers, in the order in which their weights are packed. */
    List<Value> all() {
        return all;
    }

    /** Whether a node is computed where its only reader stands. */
    boolean absorbs(Value node) {
        return absorbed.containsKey(node.id());
    }

    /** The call that gives this node's value, where there is one. */
    Optional<Call> at(Value node) {
        return Optional.ofNullable(calls.get(node.id()));
    }
}
