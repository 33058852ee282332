package dev.tailor.engine.torch;

import dev.tailor.program.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Linear layers in floats of either size, the weight in the order that the kernel reads. */
record FloatLinear() implements LinearKernel {

    @Override
    public boolean takes(Value linear) {
        return true;
    }

    @Override
    public boolean fuses(String activation) {
        return true;
    }

    @Override
    public List<String> pack(String weight, long rows, Maker bind) {
        return List.of(bind.own("ops.mkldnn._reorder_linear_weight(%s, None)", weight));
    }

    @Override
    public String input(String x, UnaryOperator<String> local) {
        return x;
    }

    @Override
    public String call(String input, List<String> packed, String bias, Fused fused, Optional<String> added) {
        String weight = packed.get(0) + ", " + bias + ", ";
        return added.map(y -> "ops.mkldnn._linear_pointwise(" + input + ", " + y + ", " + weight + "\"add\")")
                .orElseGet(() -> "ops.mkldnn._linear_pointwise(" + input + ", " + weight + fused + ")");
    }
}
