package dev.tailor.engine;

import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;

/** Takes dropout out of a function, for use where it does nothing and would stand between operations that can be one. */
public final class DropoutRemoval {
    private DropoutRemoval() {}

    /** The same function without dropout. */
    public static Program.Function apply(Program.Function function) {
        return Rewriter.rewrite(
                function,
                (node, inputs, rewriter) ->
                        node.op() instanceof Op.Dropout ? inputs.get(0) : rewriter.copy(node, inputs));
    }
}
