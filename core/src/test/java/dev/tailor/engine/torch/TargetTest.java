package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.Precision;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.program.Kind;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Program;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a program is lowered to, for which device and precision. */
class TargetTest {
    @TempDir
    private Path folder;

    /** No kernel depends on it. */
    private static final Program PROGRAM = new Program(Map.of(), List.of());

    private static Value heads(Value x) {
        return x.reshape(x.size(0), x.size(1), Size.of(2), Size.of(8)).permute(0, 2, 1, 3);
    }

    private static Value attention(Scope s, Value x, Value mask) {
        return s.attention(
                heads(s.linear("q", x, 16)), heads(s.linear("k", x, 16)), heads(s.linear("v", x, 16)), mask, 0);
    }

    private static Map<String, Value> network(Scope s) {
        Value picture = s.input("x", Kind.FLOAT, "batch", 3, "height", "width");
        Value mask = s.input("mask", Kind.BOOLEAN, "batch", 1, 1, "length");
        Value map = s.conv2d("conv", picture, 16, 3, 1, 1, true).apply(Function.RELU);
        Value rows = map.reshape(map.size(0), Size.of(16), map.size(2).times(map.size(3)))
                .permute(0, 2, 1);
        Value states = s.linear("up", rows, 16).apply(Function.GELU).add(rows);
        return Map.of("y", attention(s.sub("a"), states, mask).add(attention(s.sub("b"), states, mask)));
    }

    private String code(Target target) {
        TracedModel model = Nets.onWaves(folder, TargetTest::network);
        Map<String, String> conversions = BoundWeights.conversions(model, target.floats());
        return InferenceText.of(model.program(), conversions, target).module().code();
    }

    @Test
    void a_graphics_processor_gets_no_operator_that_only_processors_have() {
        String code = code(Target.plain(Types.BFLOAT16, "cuda:0"));
        assertThat(code)
                .contains("torch.scaled_dot_product_attention", "torch.conv2d", "torch.linear", ", 15)")
                .doesNotContain("mkldnn", "onednn", "quantize", "\"cpu\"", "memory_format");
    }

    @Test
    void a_processor_gets_its_own_kernels() {
        String code = code(Target.packing(Types.FLOAT32, List.of(new FloatLinear())));
        assertThat(code)
                .contains("mkldnn._linear_pointwise", "mkldnn._convolution_pointwise")
                .doesNotContain("torch.conv2d", "torch.linear(", "torch.gelu");
    }

    @Test
    void a_mask_of_several_attentions_becomes_numbers_once() {
        String code = code(Target.plain(Types.FLOAT32, "cpu"));
        assertThat(PackedLinearsTest.count(code, "torch.log(")).isEqualTo(1);
        assertThat(PackedLinearsTest.count(code, "scaled_dot_product_attention"))
                .isEqualTo(2);
    }

    @Test
    void the_choice_by_itself_takes_brain_floats_where_the_processor_has_them() {
        Target target = Target.of(new Engine.Settings("the model", Device.cpu(), Precision.AUTO, 0), PROGRAM);
        boolean half = HardwareFloats.cpuHasBfloat16() && PackedKernels.work(Types.BFLOAT16);
        assertThat(target.floats()).isEqualTo(half ? Types.BFLOAT16 : Types.FLOAT32);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void what_is_written_before_the_natives_are_there_is_what_they_want(Precision precision) {
        Assumptions.assumeTrue(PackedKernels.work(Types.FLOAT32) && PackedKernels.work(Types.BFLOAT16));
        Assumptions.assumeTrue(PackedKernels.quantizedLinear().equals(Optional.of(new QuantizedLinear(false))));
        Target target = Target.of(new Engine.Settings("the model", Device.cpu(), precision, 0), PROGRAM);
        assertThat(Target.likely(precision, "cpu", 0, PROGRAM)).isEqualTo(target);
    }

    @Test
    void a_wrong_guess_is_written_again() {
        TracedModel model = Nets.onWaves(folder, TargetTest::network);
        Engine.Settings settings = new Engine.Settings("the model", Device.cpu(), Precision.FLOAT32, 0);
        Lowered wrong = Lowered.of(model, Target.plain(Types.BFLOAT16, "cpu"));
        try (Network network = new TorchNetwork(model, settings, wrong);
                Network right = new TorchEngine().inference(model, settings);
                NDManager manager = network.newManager()) {
            Map<String, NDArray> inputs = Nets.inputs(
                    manager, model.program().main(), Map.of("batch", 1L, "height", 3L, "width", 2L, "length", 6L));
            float[] found = network.forward(inputs).get("y").toFloatArray();
            assertThat(found).containsExactly(right.forward(inputs).get("y").toFloatArray());
        }
    }
}
