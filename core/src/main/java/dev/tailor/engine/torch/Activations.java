package dev.tailor.engine.torch;

import dev.tailor.engine.torch.LinearKernel.Fused;
import dev.tailor.program.Op;
import java.util.List;
import java.util.Optional;

/** Functions that oneDNN can apply to the results of a kernel before it writes them. */
final class Activations {
    private Activations() {}

    /** A function as oneDNN names it, where it has it. */
    static Optional<Fused> fused(Op.Unary.Function function) {
        return switch (function) {
            case RELU -> Optional.of(new Fused("relu", ""));
            case RELU6 -> Optional.of(new Fused("hardtanh", List.of(0.0, 6.0), ""));
            case HARD_SIGMOID -> Optional.of(new Fused("hardsigmoid", ""));
            case GELU -> Optional.of(new Fused("gelu", "none"));
            case GELU_TANH -> Optional.of(new Fused("gelu", "tanh"));
            case SILU -> Optional.of(new Fused("swish", ""));
            case TANH -> Optional.of(new Fused("tanh", ""));
            case SIGMOID -> Optional.of(new Fused("sigmoid", ""));
            case HARD_SWISH -> Optional.of(new Fused("hardswish", ""));
            default -> Optional.empty();
        };
    }
}
