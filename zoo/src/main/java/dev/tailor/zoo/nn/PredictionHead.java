package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;

/** The small perceptron by which detectors read boxes and classes off a token (Carion et al. 2020, arXiv 2005.12872). */
public final class PredictionHead {
    private static final int LAYERS = 3;

    private PredictionHead() {}

    /** Three linear layers, {@code layers.0} to {@code layers.2}, as wide as the input and with ReLU between. */
    public static Value apply(Scope scope, Value x, long out) {
        long width = x.size(-1).constant();
        Value y = x;
        for (int i = 0; i < LAYERS - 1; i++) {
            y = scope.linear("layers." + i, y, width).relu();
        }
        return scope.linear("layers." + (LAYERS - 1), y, out);
    }
}
