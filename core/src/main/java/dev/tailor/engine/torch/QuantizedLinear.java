package dev.tailor.engine.torch;

import dev.tailor.program.Value;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Linear layers in 8-bit integers. Each output's weights have a scale of their own and are rounded once, at load, to
 * {@code -127 .. 127}; the input is rounded at each call to 256 steps between its smallest and its largest element (Jacob et
 * al. 2018, arXiv 1712.05877; Wu et al. 2020, arXiv 2004.09602). Sums are kept in 32 bits, results are 32-bit floats.
 *
 * @param narrow whether inputs take 128 steps only, for processors that add products in 16 bits and would overflow
 */
record QuantizedLinear(boolean narrow) implements LinearKernel {
    /** Smaller layers, such as the last of a classifier, gain nothing and keep their precision. */
    private static final long SMALLEST = 16;

    private static final Set<String> FUSED = Set.of("none", "relu", "gelu", "swish", "tanh", "hardswish");

    @Override
    public boolean takes(Value linear) {
        Value weight = linear.inputs().get(1);
        return weight.size(0).constant() >= SMALLEST && weight.size(1).constant() >= SMALLEST;
    }

    @Override
    public boolean fuses(String activation) {
        return FUSED.contains(activation);
    }

    @Override
    public List<String> pack(String weight, long rows, Maker bind) {
        // The smallest scale keeps a row of zeros from dividing by zero.
        String scale =
                bind.own("torch.clamp_min(torch.div(torch.amax(torch.abs(%s), [1], False), 127.0), 1.0e-12)", weight);
        String zero = bind.own(
                "torch.zeros([" + rows + "], dtype=3, layout=None, device=torch.device(\"cpu\"), pin_memory=False)");
        String packed = bind.own(
                "ops.onednn.qlinear_prepack(torch.to(torch.clamp(torch.round("
                        + "torch.div(%s, torch.unsqueeze(%s, 1))), -127, 127), 1), None)",
                weight, scale);
        return List.of(packed, scale, zero);
    }

    @Override
    public String input(String x, UnaryOperator<String> local) {
        String rounded =
                local.apply("torch.quantize_per_tensor_dynamic(" + x + ", 13, " + (narrow ? "True" : "False") + ")");
        return local.apply("torch.int_repr(" + rounded + ")") + ", "
                + local.apply("torch.q_scale(" + rounded + ")") + ", "
                + local.apply("torch.q_zero_point(" + rounded + ")");
    }

    @Override
    public String call(String input, List<String> packed, String bias, Fused fused, Optional<String> added) {
        String operands = input + ", " + String.join(", ", packed) + ", ";
        // Results have the scale 1 and the type 6, 32-bit floats.
        return added.map(y -> "ops.onednn.qlinear_pointwise(" + operands + y + ", " + bias
                        + ", 1.0, 0, 6, 1.0, 0, \"add\", 1.0, \"none\", [], \"\")")
                .orElseGet(() -> "ops.onednn.qlinear_pointwise(" + operands + bias + ", 1.0, 0, 6, " + fused + ")");
    }
}
