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
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Linear layers with whatever may follow them give the same packed and plain. */
class PackedLinearsTest {
    private static final int WIDTH = 24;

    /** Makes the outputs of a network from its scope and {@code x [batch, length, 24]}. */
    @FunctionalInterface
    interface Layers {
        Map<String, Value> of(Scope scope, Value x);
    }

    static TracedModel traced(Layers layers) {
        Architecture architecture = Architecture.of("layers", "Layers", c -> c, (scope, c, head) -> {
            Scope root = scope.initializer(new Init.Normal(0.3));
            return layers.of(root, root.input("x", Kind.FLOAT, "batch", "length", WIDTH));
        });
        ModelConfig config = ModelConfig.parse("{\"model_type\": \"layers\"}", "a test");
        return TracedModel.of(architecture, config, Head.BASE, Checkpoint.empty(), "layers")
                .renewAll()
                .trace();
    }

    static String code(TracedModel model, boolean packing) {
        Map<String, String> conversions = BoundWeights.conversions(model, Types.FLOAT32);
        Target target = Target.packing(Types.FLOAT32, packing ? List.of(new FloatLinear()) : List.of());
        return InferenceText.of(model.program(), conversions, target).module().code();
    }

    static int count(String code, String part) {
        return code.split(Pattern.quote(part), -1).length - 1;
    }

    /** Checks the inference variant against the block, which never packs. */
    static void same(TracedModel model) {
        Engine.Settings settings = new Engine.Settings("layers", Device.cpu(), Precision.FLOAT32, 0);
        try (Network network = new TorchEngine().inference(model, settings);
                NDManager manager = network.newManager()) {
            NDArray x = manager.arange(2 * 5 * WIDTH).reshape(2, 5, WIDTH).sin();
            Map<String, NDArray> found = network.forward(Map.of("x", x));
            NDList expected = network.block().forward(new ParameterStore(manager, false), new NDList(x), false);
            assertThat(found).hasSize(expected.size());
            for (NDArray array : expected) {
                NDArray other = found.get(array.getName());
                assertThat(other.getShape()).isEqualTo(array.getShape());
                assertThat(other.sub(array).abs().max().getFloat()).isCloseTo(0f, within(1e-5f));
                assertThat(array.abs().max().getFloat()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Function.class,
            names = {"RELU", "RELU6", "GELU", "GELU_TANH", "SILU", "TANH", "SIGMOID", "HARD_SWISH", "EXP", "ABS"})
    void an_activation_behind_a_layer(Function function) {
        same(traced((scope, x) -> Map.of("y", scope.linear("a", x, 40).apply(function))));
    }

    @Test
    void a_sum_behind_a_layer_whichever_side_the_layer_is_on() {
        same(traced((scope, x) -> {
            Map<String, Value> outputs = new LinkedHashMap<>();
            outputs.put("left", scope.linear("a", x, WIDTH).add(x));
            outputs.put("right", x.add(scope.linear("b", x, WIDTH, false)));
            outputs.put("both", scope.linear("c", x, WIDTH).add(scope.linear("d", x, WIDTH)));
            return outputs;
        }));
    }

    @Test
    void a_sum_that_broadcasts_or_doubles_stays_a_sum() {
        same(traced((scope, x) -> {
            Value one = scope.linear("a", x, WIDTH);
            Value row = scope.linear("b", x, WIDTH);
            return Map.of("row", row.add(x.slice(1, 0, 1)), "twice", one.add(one));
        }));
    }

    @Test
    void a_layer_that_others_read_too_keeps_its_own_value() {
        TracedModel model = traced((scope, x) -> {
            Value a = scope.linear("a", x, WIDTH);
            return Map.of("a", a, "b", a.apply(Function.GELU), "rows", scope.linear("c", x.select(1, 0), 3));
        });
        assertThat(code(model, true)).contains("torch.gelu");
        same(model);
    }

    @Test
    void dropout_does_not_stand_between_a_layer_and_its_sum() {
        TracedModel model = traced((scope, x) ->
                Map.of("y", scope.dropout(scope.linear("a", x, WIDTH), 0.5).add(x)));
        assertThat(code(model, true)).contains("\"add\"").doesNotContain("torch.add");
        same(model);
    }

    @Test
    void one_weight_is_packed_once_for_all_its_readers() {
        TracedModel model = traced((scope, x) ->
                Map.of("y", scope.linear("a", scope.linear("a", x, WIDTH).apply(Function.RELU), WIDTH)));
        String code = code(model, true);
        assertThat(count(code, "_reorder_linear_weight")).isEqualTo(1);
        assertThat(count(code, "_linear_pointwise")).isEqualTo(2);
        assertThat(code(model, false)).doesNotContain("mkldnn");
        same(model);
    }

    @Test
    void a_weight_that_comes_with_the_call_is_not_packed() {
        TracedModel model = traced((scope, x) -> Map.of("y", scope.linear(x, x.select(0, 0), null)));
        assertThat(code(model, true)).contains("torch.linear").doesNotContain("mkldnn");
        assertThat(List.copyOf(model.program().weights().keySet())).isEmpty();
    }
}
