package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;

/** Layer normalisation over the channels of each position of {@code [batch, channels, height, width]}. */
public final class ChannelNorm {
    private ChannelNorm() {}

    /** Applies it. */
    public static Value apply(Scope scope, String name, Value x, double epsilon) {
        return scope.layerNorm(name, x.permute(0, 2, 3, 1), epsilon).permute(0, 3, 1, 2);
    }
}
