package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.tailor.Precision;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Convolutions with whatever may follow them give the same packed, for one size or for any, and plain. */
class PackedConvolutionsTest {
    private static final int CHANNELS = 16;

    private static TracedModel traced(PackedLinearsTest.Layers layers) {
        Architecture architecture = Architecture.of("layers", "Layers", c -> c, (scope, c, head) -> {
            Scope root = scope.initializer(new Init.Normal(0.2));
            return layers.of(root, root.input("x", Kind.FLOAT, "batch", CHANNELS, "height", "width"));
        });
        ModelConfig config = ModelConfig.parse("{\"model_type\": \"layers\"}", "a test");
        return TracedModel.of(architecture, config, Head.BASE, Checkpoint.empty(), "layers")
                .renewAll()
                .trace();
    }

    private static Value conv(Scope scope, String name, Value x) {
        return scope.conv2d(name, x, CHANNELS, 3, 1, 1, true);
    }

    private static String code(TracedModel model) {
        return PackedLinearsTest.code(model, true);
    }

    /** Checks against the block, which never packs; the third call of a size runs on weights made for it. */
    private static void same(TracedModel model) {
        Engine.Settings settings = new Engine.Settings("layers", Device.cpu(), Precision.FLOAT32, 0);
        try (Network network = new TorchEngine().inference(model, settings);
                NDManager manager = network.newManager()) {
            for (long[] size : List.of(new long[] {1, 9, 8}, new long[] {3, 9, 8}, new long[] {1, 5, 7})) {
                NDArray x = Nets.floats(manager, 1, size[0], CHANNELS, size[1], size[2]);
                float[] before = x.toFloatArray();
                NDList expected = network.block().forward(new ParameterStore(manager, false), new NDList(x), false);
                for (int call = 0; call < 3; call++) {
                    Map<String, NDArray> found = network.forward(Map.of("x", x));
                    assertThat(found).hasSize(expected.size());
                    expected.forEach(e -> close(found.get(e.getName()), e));
                }
                assertThat(x.toFloatArray()).containsExactly(before);
            }
        }
    }

    private static void close(NDArray found, NDArray expected) {
        assertThat(found.getShape()).isEqualTo(expected.getShape());
        float largest = expected.abs().max().getFloat();
        assertThat(largest).isPositive();
        assertThat(found.sub(expected).abs().max().getFloat() / largest).isCloseTo(0f, within(1e-5f));
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"RELU", "RELU6", "GELU", "SILU", "TANH", "SIGMOID", "HARD_SWISH", "HARD_SIGMOID", "EXP"})
    void an_activation_behind_a_convolution(Function function) {
        TracedModel model = traced((scope, x) -> Map.of("y", conv(scope, "a", x).apply(function)));
        assertThat(PackedLinearsTest.count(
                        code(model), "torch." + function.name().toLowerCase(Locale.ROOT) + "("))
                .isEqualTo(function == Function.EXP ? 2 : 0);
        same(model);
    }

    @Test
    void a_residual_with_a_relu_takes_the_memory_of_what_is_read_no_more() {
        TracedModel model = traced((scope, x) -> {
            Value a = conv(scope, "a", x).apply(Function.RELU);
            Value b = conv(scope, "b", a).apply(Function.RELU);
            return Map.of("y", conv(scope, "c", b).add(a).apply(Function.RELU).mean(false, 2, 3));
        });
        assertThat(code(model)).contains("_convolution_pointwise_(").doesNotContain("torch.add", "torch.relu");
        same(model);
    }

    @Test
    void a_residual_that_is_a_result_or_an_argument_stays_as_it_is() {
        TracedModel model = traced((scope, x) -> {
            Value a = conv(scope, "a", x).apply(Function.RELU);
            Map<String, Value> outputs = new LinkedHashMap<>();
            outputs.put("a", a);
            outputs.put("sum", conv(scope, "b", a).add(a));
            outputs.put("other", x.add(conv(scope, "c", x)));
            return outputs;
        });
        assertThat(code(model)).contains("\"add\"").doesNotContain("_convolution_pointwise_(");
        same(model);
    }

    @Test
    void a_residual_that_is_read_later_or_through_a_view_stays_as_it_is() {
        TracedModel model = traced((scope, x) -> {
            Value a = conv(scope, "a", x).apply(Function.RELU);
            Value view = a.permute(0, 2, 3, 1);
            Value later = conv(scope, "b", a).apply(Function.RELU);
            Value sum = conv(scope, "c", x).add(later);
            return Map.of("view", conv(scope, "d", x).add(a).mean(false, 1), "y", sum.mul(later), "rows", view.mul(2));
        });
        assertThat(code(model)).doesNotContain("_convolution_pointwise_(");
        same(model);
    }

    @Test
    void strides_groups_and_dilation_reach_the_packed_weights() {
        TracedModel model = traced((scope, x) -> {
            Value a = scope.conv2d("a", x, 32, 3, 2, 1, true).apply(Function.RELU);
            Value depthwise = scope.conv2d("b", a, 32, 3, 1, 1, 32, true).apply(Function.RELU6);
            return Map.of("y", scope.conv2d("c", depthwise, CHANNELS, 1, 1, 0, false));
        });
        assertThat(code(model)).contains("[1, 1], [1, 1], [1, 1], 32").contains("pack_forward");
        same(model);
    }

    @Test
    void without_the_kernels_there_are_no_variants() {
        TracedModel model = traced((scope, x) -> Map.of("y", conv(scope, "a", x)));
        assertThat(PackedLinearsTest.code(model, false))
                .contains("torch.conv2d")
                .doesNotContain("mkldnn", "packed_", "pack_");
    }
}
