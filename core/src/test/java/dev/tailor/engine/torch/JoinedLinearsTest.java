package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Layers that read the same value become one, and give what they gave. */
class JoinedLinearsTest {

    private static Value heads(Value x, long count) {
        return x.reshape(
                        x.size(0), x.size(1), Size.of(count), Size.of(x.size(-1).constant() / count))
                .permute(0, 2, 1, 3);
    }

    @Test
    void queries_keys_and_values_of_different_widths_come_from_one_product() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> {
            Value query = heads(scope.linear("q", x, 32), 4);
            Value key = heads(scope.linear("k", x, 16, false), 2);
            Value value = heads(scope.linear("v", x, 16), 2);
            return Map.of("q", query, "k", key, "v", value);
        });
        assertThat(products(model)).isEqualTo(1);
        PackedLinearsTest.same(model);
    }

    @Test
    void layers_without_biases_stay_without() {
        TracedModel model = PackedLinearsTest.traced((scope, x) ->
                Map.of("q", heads(scope.linear("q", x, 24, false), 3), "k", heads(scope.linear("k", x, 24, false), 3)));
        assertThat(PackedLinearsTest.code(model, true)).contains(", None, \"none\"");
        assertThat(products(model)).isEqualTo(1);
        PackedLinearsTest.same(model);
    }

    @Test
    void a_layer_with_an_activation_or_an_own_reader_stays_alone() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> {
            Value gate = scope.linear("gate", x, 24).apply(dev.tailor.program.Op.Unary.Function.SILU);
            return Map.of("y", gate.mul(scope.linear("up", x, 24)), "q", heads(scope.linear("q", x, 24), 3));
        });
        assertThat(products(model)).isEqualTo(3);
        PackedLinearsTest.same(model);
    }

    @Test
    void layers_of_different_values_stay_apart() {
        TracedModel model = PackedLinearsTest.traced((scope, x) -> Map.of("y", twoReaders(scope, x)));
        assertThat(products(model)).isEqualTo(2);
        PackedLinearsTest.same(model);
    }

    private static Value twoReaders(Scope scope, Value x) {
        return heads(scope.linear("q", x, 24), 3).add(heads(scope.linear("k", x.add(1), 24), 3));
    }

    private static int products(TracedModel model) {
        return PackedLinearsTest.count(PackedLinearsTest.code(model, true), "_linear_pointwise");
    }
}
