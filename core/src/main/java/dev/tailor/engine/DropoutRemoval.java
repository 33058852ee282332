package dev.tailor.engine;

import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Value;
import java.util.List;

/** Takes dropout out of a function, for use where it does nothing and would stand between operations that can be one. */
public final class DropoutRemoval {
    private DropoutRemoval() {}

    /** The same function without dropout, of elements and of whole branches. */
    public static Program.Function apply(Program.Function function) {
        return Rewriter.rewrite(function, (node, inputs, rewriter) -> {
            if (node.op() instanceof Op.Dropout || dropsBranch(node)) {
                return inputs.get(0);
            }
            return rewriter.copy(node, inputs);
        });
    }

    /** Whether the node multiplies by ones of which some are dropped: {@link dev.tailor.program.Scope#dropPath}. */
    private static boolean dropsBranch(Value node) {
        List<Value> operands = node.inputs();
        return node.op() instanceof Op.Binary product
                && product.function() == Op.Binary.Function.MULTIPLY
                && operands.get(1).op() instanceof Op.Dropout
                && operands.get(1).inputs().get(0).op() instanceof Op.Full ones
                && ones.value() == 1
                && node.shape().equals(operands.get(0).shape());
    }
}
