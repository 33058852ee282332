package dev.tailor.engine.torch;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a mask of truth values that several attentions read into numbers to add, once: libtorch would do so in each of them.
 * The logarithm of true is 0, of false minus infinity.
 */
final class SharedMasks {
    private static final int MASK = 3;

    private SharedMasks() {}

    static Program.Function apply(Program.Function function) {
        Map<Integer, Integer> attentions = new HashMap<>();
        function.nodes().stream()
                .filter(SharedMasks::isMasked)
                .forEach(n -> attentions.merge(n.inputs().get(MASK).id(), 1, Integer::sum));
        return Rewriter.rewrite(function, (node, inputs, rewriter) -> {
            if (!isMasked(node)
                    || attentions.getOrDefault(node.inputs().get(MASK).id(), 0) < 2) {
                return rewriter.copy(node, inputs);
            }
            List<Value> operands = new ArrayList<>(inputs);
            operands.set(MASK, inputs.get(MASK).cast(Kind.FLOAT).apply(Op.Unary.Function.LOG));
            return rewriter.copy(node, operands);
        });
    }

    private static boolean isMasked(Value node) {
        return node.op() instanceof Op.Attention
                && node.inputs().size() > MASK
                && node.inputs().get(MASK).kind() == Kind.BOOLEAN;
    }
}
