package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.Precision;
import dev.tailor.engine.Engine;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.engine.Network;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.TracedModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers in 8-bit integers against the same layers in floats. */
class QuantizedLinearTest {
    private static final int WIDTH = 24;

    @BeforeEach
    void needs_the_kernels() {
        Assumptions.assumeTrue(
                PackedKernels.quantizedLinear().isPresent(), "this processor has none of oneDNN's 8-bit kernels");
    }

    private static Network network(TracedModel model, Precision precision) {
        return new TorchEngine().inference(model, new Engine.Settings("layers", Device.cpu(), precision, 0));
    }

    /** The distance from 32-bit floats, as a share of the largest number. */
    private static double distance(TracedModel model) {
        try (Network exact = network(model, Precision.FLOAT32);
                Network rounded = network(model, Precision.INT8);
                NDManager manager = exact.newManager()) {
            NDArray x =
                    manager.arange(2 * 5 * WIDTH).reshape(2, 5, WIDTH).mul(0.7f).sin();
            NDArray expected = exact.forward(Map.of("x", x)).get("y");
            NDArray found = rounded.forward(Map.of("x", x)).get("y");
            assertThat(found.getShape()).isEqualTo(expected.getShape());
            return found.sub(expected).abs().max().getFloat()
                    / expected.abs().max().getFloat();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"RELU", "GELU", "GELU_TANH", "SILU", "TANH", "SIGMOID", "HARD_SWISH", "EXP"})
    void an_activation_behind_a_layer(Function function) {
        TracedModel model = PackedLinearsTest.traced(
                (scope, x) -> Map.of("y", scope.linear("a", x, 40).apply(function)));
        assertThat(distance(model)).isBetween(1e-6, 0.03);
    }

    @Test
    void a_sum_behind_a_layer() {
        TracedModel model = PackedLinearsTest.traced(
                (scope, x) -> Map.of("y", scope.linear("a", x, WIDTH).add(x)));
        assertThat(code(model, false)).contains("\"add\"").doesNotContain("torch.add");
        assertThat(distance(model)).isBetween(1e-6, 0.02);
    }

    @Test
    void an_input_is_rounded_once_for_all_its_readers() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> Map.of(
                "y",
                scope.linear("a", x, WIDTH)
                        .apply(Function.RELU)
                        .mul(scope.linear("b", x, WIDTH).apply(Function.TANH))));
        assertThat(PackedLinearsTest.count(code(model, false), "quantize_per_tensor_dynamic"))
                .isEqualTo(1);
        assertThat(distance(model)).isBetween(1e-6, 0.03);
    }

    @Test
    void a_small_layer_keeps_its_precision() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> Map.of("y", scope.linear("a", x, 3)));
        assertThat(code(model, false)).contains("mkldnn._linear_pointwise").doesNotContain("onednn");
        assertThat(distance(model)).isEqualTo(0);
    }

    @Test
    void inputs_of_7_bits_for_processors_that_would_overflow() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> Map.of("y", scope.linear("a", x, WIDTH)));
        assertThat(code(model, true)).contains("quantize_per_tensor_dynamic(x0, 13, True)");
        assertThat(code(model, false)).contains("quantize_per_tensor_dynamic(x0, 13, False)");
    }

    @Test
    void an_input_of_zeros_gives_the_biases() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> Map.of("y", scope.linear("a", x, WIDTH)));
        try (Network rounded = network(model, Precision.INT8);
                Network exact = network(model, Precision.FLOAT32);
                NDManager manager = rounded.newManager()) {
            NDArray x = manager.zeros(new ai.djl.ndarray.types.Shape(1, 2, WIDTH));
            float[] found = rounded.forward(Map.of("x", x)).get("y").toFloatArray();
            float[] expected = exact.forward(Map.of("x", x)).get("y").toFloatArray();
            assertThat(found).containsExactly(expected, within(1e-6f));
        }
    }

    @Test
    void graphics_processors_have_no_such_kernels() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> Map.of("y", scope.linear("a", x, WIDTH)));
        Engine.Settings settings = new Engine.Settings("layers", Device.gpu(), Precision.INT8, 0);
        assertThatThrownBy(() -> Target.of(settings, model.program()))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("layers")
                .hasMessageContaining("INT8")
                .hasMessageContaining("Device.cpu()");
    }

    private static String code(TracedModel model, boolean narrow) {
        Target target = Target.packing(Types.FLOAT32, List.of(new QuantizedLinear(narrow), new FloatLinear()));
        return InferenceText.of(model.program(), BoundWeights.conversions(model, Types.FLOAT32), target)
                .module()
                .code();
    }
}
