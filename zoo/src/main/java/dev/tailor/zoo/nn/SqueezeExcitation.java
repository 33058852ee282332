package dev.tailor.zoo.nn;

import dev.tailor.program.Init;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;

/** Channels weighted by what a narrow pair of layers makes of their means (Hu et al. 2017, arXiv 1709.01507). */
public final class SqueezeExcitation {
    private SqueezeExcitation() {}

    /**
     * Scales the channels of a picture.
     *
     * @param reduce, expand the two 1 x 1 convolutions in the scope
     * @param width channels between the two
     * @param gate the activation that gives the scale
     */
    public static Value apply(
            Scope scope, String reduce, String expand, Value x, long width, String activation, String gate) {
        long channels = x.size(1).constant();
        Value mean = x.mean(true, 2, 3);
        Value narrow = scope.initializer(Init.fanIn(channels)).conv2d(reduce, mean, Math.max(1, width), 1, 1, 0, true);
        narrow = Activation.apply(activation, narrow);
        Value scale = scope.initializer(Init.fanIn(Math.max(1, width))).conv2d(expand, narrow, channels, 1, 1, 0, true);
        return x.mul(Activation.apply(gate, scale));
    }
}
