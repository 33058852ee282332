package dev.tailor.zoo.nn;

import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Value;

/** Global response normalisation (Woo et al. 2023, arXiv 2301.00808, section 3). */
public final class ResponseNorm {
    private static final double EPSILON = 1e-6;

    private ResponseNorm() {}

    /**
     * Scales channels by their share in the picture.
     *
     * @param x {@code [batch, height, width, channels]}
     * @param weight, bias broadcast to x
     */
    public static Value apply(Value x, Value weight, Value bias) {
        // The smallest number keeps the root's gradient finite where a channel is silent.
        Value norms = x.mul(x).sum(true, 1, 2).scalar(Function.MAXIMUM, 1e-30).apply(Op.Unary.Function.SQRT);
        Value relative = norms.div(norms.mean(true, 3).add(EPSILON));
        return weight.mul(x.mul(relative)).add(bias).add(x);
    }
}
