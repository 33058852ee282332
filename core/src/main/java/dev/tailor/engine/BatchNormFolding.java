package dev.tailor.engine;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.List;
import java.util.Map;

/**
 * Multiplies a normalisation by running statistics into the convolution before it (Jacob et al. 2018, arXiv 1712.05877,
 * section 3.2). The folded weights are values that depend on weights alone, so the engine computes them once.
 */
public final class BatchNormFolding {
    private BatchNormFolding() {}

    /** Folds where the convolution has no other user. */
    public static Program.Function apply(Program.Function function) {
        Map<Integer, Integer> uses = Rewriter.uses(function);
        return Rewriter.rewrite(function, (node, inputs, rewriter) -> {
            if (node.op() instanceof Op.BatchNorm norm
                    && inputs.get(0).op() instanceof Op.Conv2d
                    && uses.getOrDefault(node.inputs().get(0).id(), 0) == 1) {
                return fold(norm, inputs, node, rewriter);
            }
            return rewriter.copy(node, inputs);
        });
    }

    private static Value fold(Op.BatchNorm norm, List<Value> inputs, Value node, Rewriter rewriter) {
        Value conv = inputs.get(0);
        Value shift = inputs.get(2);
        Value mean = inputs.get(3);
        Value scale =
                inputs.get(4).add(norm.epsilon()).apply(Op.Unary.Function.RSQRT).mul(inputs.get(1));
        Value weight = conv.inputs().get(1);
        Value folded = weight.mul(scale.reshape(weight.size(0), Size.of(1), Size.of(1), Size.of(1)));
        Value centre = conv.inputs().size() > 2 ? mean.sub(conv.inputs().get(2)) : mean;
        Value bias = shift.sub(centre.mul(scale));
        return rewriter.node(conv.op(), List.of(conv.inputs().get(0), folded, bias), Kind.FLOAT, node.shape());
    }
}
