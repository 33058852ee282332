package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What surrounds a branch of a transformer layer that is normalised before it (Xiong et al. 2020, arXiv 2002.04745). */
public final class Residual {
    private Residual() {}

    /**
     * {@code x + dropPath(scale * dropout(body(norm(x))))}.
     *
     * @param norm the name of the normalisation over the last axis
     * @param scale multiplies the branch channel by channel (Touvron et al. 2021, arXiv 2103.17239); null for none
     */
    public static Value preNorm(
            Scope scope,
            Value x,
            String norm,
            double epsilon,
            UnaryOperator<Value> body,
            double dropout,
            @Nullable Value scale,
            double dropPath) {
        Value branch = scope.dropout(body.apply(scope.layerNorm(norm, x, epsilon)), dropout);
        return scope.dropPath(scale == null ? branch : branch.mul(scale), dropPath)
                .add(x);
    }

    /** Two linear layers with an activation between. */
    public static Value mlp(Scope scope, String first, String second, Value x, long inner, String activation) {
        long width = x.size(-1).constant();
        return scope.linear(second, Activation.apply(activation, scope.linear(first, x, inner)), width);
    }

    /** Drop rates that grow evenly from 0 for the first of {@code count} layers to {@code last} for the last one. */
    public static double dropPath(double last, long index, long count) {
        return count < 2 ? 0 : last * index / (count - 1);
    }
}
