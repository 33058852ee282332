package dev.tailor.engine.torch;

import dev.tailor.program.Op;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What of a function depends on weights alone, and is known at load. */
final class Constants {
    private Constants() {}

    /**
     * The ids of such nodes.
     *
     * @param nodes a function's nodes, operands before their users
     */
    static Set<Integer> of(List<Value> nodes) {
        Set<Integer> constant = new HashSet<>();
        for (Value node : nodes) {
            // A slice of a table whose length comes with the call is not known at load.
            boolean known = !(node.op() instanceof Op.Input)
                    && node.shape().stream().allMatch(Size::isConstant)
                    && node.inputs().stream().allMatch(v -> constant.contains(v.id()));
            if (known) {
                constant.add(node.id());
            }
        }
        return constant;
    }

    /** Whether a layer's weights are known at load and its first operand is not. */
    static boolean weigh(Value layer, Set<Integer> constant) {
        return !constant.contains(layer.id())
                && layer.inputs().stream().skip(1).allMatch(v -> constant.contains(v.id()));
    }
}
