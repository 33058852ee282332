package dev.tailor.program;

import static dev.tailor.program.Kind.BOOLEAN;
import static dev.tailor.program.Kind.FLOAT;
import static dev.tailor.program.Kind.INTEGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Shapes and kinds are known while tracing, and contradictions are refused with both sides named. */
class ValueTest {
    private final Scope scope = Traces.scope();

    private Value x(Object... axes) {
        return scope.input("x" + List.of(axes), FLOAT, axes);
    }

    private Value ids(Object... axes) {
        return scope.input("ids" + List.of(axes), INTEGER, axes);
    }

    private static void refused(ThrowingCallable action, String... parts) {
        assertThatThrownBy(action).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }

    @Test
    void shapes_follow_the_operations() {
        Value x = x("batch", 3, "length");
        assertThat(x.add(x(3, 1))).hasToString("Binary#2 FLOAT [batch, 3, length]");
        assertThat(x.mean(true, -1).shape()).hasToString("[batch, 3, 1]");
        assertThat(x.sum(false, 0, 2).shape()).hasToString("[3]");
        assertThat(x.permute(2, 0, 1).shape()).hasToString("[length, batch, 3]");
        assertThat(x.transpose(0, -1).shape()).hasToString("[length, 3, batch]");
        assertThat(x.flatten(1).shape()).hasToString("[batch, (length * 3)]");
        assertThat(x.unsqueeze(-1).shape()).hasToString("[batch, 3, length, 1]");
        assertThat(x.unsqueeze(0).shape()).hasToString("[1, batch, 3, length]");
        assertThat(x.slice(1, 1, 3).shape()).hasToString("[batch, 2, length]");
        assertThat(x.select(1, 2).shape()).hasToString("[batch, length]");
        assertThat(x.concat(1, x("batch", 4, "length")).shape()).hasToString("[batch, 7, length]");
        assertThat(x.concat(0, x(2, 3, 5)).shape()).hasToString("[(batch + 2), 3, 5]");
        assertThat(x(2, 1, 4).expand(2, 3, 4).shape()).hasToString("[2, 3, 4]");
        assertThat(x.matmul(x("length", 5)).shape()).hasToString("[batch, 3, 5]");
        assertThat(x("b", 3, 10, 9).maxPool2d(3, 2, 1).shape()).hasToString("[b, 3, 5, 5]");
        assertThat(x("b", 3, "h", 9).avgPool2d(2, 2, 0).shape()).hasToString("[b, 3, (((h - 2) // 2) + 1), 4]");
        Op.Pool2d ceil = new Op.Pool2d(true, List.of(3L, 2L), List.of(3L, 4L), List.of(1L, 1L), true, false);
        assertThat(x("b", 3, 7, 6).pool(ceil).shape()).hasToString("[b, 3, 3, 2]");
        assertThat(x.pad2d(Size.of(1), Size.of(2), Size.of(0), Size.of(3), 0).shape())
                .hasToString("[batch, 6, (length + 3)]");
    }

    @Test
    void layers_infer_their_input_width() {
        assertThat(scope.linear("fc", x("batch", 7, 5), 3).shape()).hasToString("[batch, 7, 3]");
        assertThat(scope.embedding("table", ids("batch", "length"), 10, 4).shape())
                .hasToString("[batch, length, 4]");
        assertThat(scope.conv2d("conv", x("batch", 4, "h", 8), 6, 3, 2, 1, 2, true)
                        .shape())
                .hasToString("[batch, 6, (((h - 1) // 2) + 1), 4]");
        assertThat(scope.conv2d("same", x("batch", 4, "h", 8), 6, 3, 1, 1, true).shape())
                .hasToString("[batch, 6, h, 8]");
        Value q = x("batch", 2, "length", 4);
        assertThat(scope.attention(q, x("batch", 2, "keys", 4), x("batch", 2, "keys", 6), null, 0)
                        .shape())
                .hasToString("[batch, 2, length, 6]");
        Scope layer = scope.sub("encoder.layer", 3).sub("output");
        assertThat(layer.key("dense.weight")).isEqualTo("encoder.layer.3.output.dense.weight");
        assertThat(layer.key("")).isEqualTo("encoder.layer.3.output");
        assertThat(scope.key("bias")).isEqualTo("bias");
    }

    @Test
    void equal_operations_are_one_node_but_draws_are_not() {
        Value x = x("batch", 4);
        assertThat(x.add(1).relu()).isSameAs(x.add(1).relu());
        assertThat(scope.linear("fc", x, 3)).isSameAs(scope.linear("fc", x, 3));
        assertThat(scope.dropout(x, 0.1)).isNotSameAs(scope.dropout(x, 0.1));
        assertThat(scope.dropout(x, 0)).isSameAs(x);
        assertThat(x.cast(FLOAT)).isSameAs(x);
        assertThat(x.reshape(x.size(0), 4)).isSameAs(x);
    }

    @Test
    void kinds_follow_the_operations() {
        Value ids = ids("batch");
        Value x = x("batch");
        Value truth = ids.scalar(Op.Binary.Function.GREATER, 0);
        assertThat(truth.kind()).isEqualTo(BOOLEAN);
        assertThat(List.of(ids.add(ids), ids.mul(truth), truth.mul(ids), truth.sum(false, 0)))
                .extracting(Value::kind)
                .containsOnly(INTEGER);
        assertThat(List.of(ids.add(x), x.add(ids), x.mul(truth), x.where(truth, ids), ids.where(truth, x)))
                .extracting(Value::kind)
                .containsOnly(FLOAT);
        assertThat(ids.apply(Op.Unary.Function.NOT).kind()).isEqualTo(BOOLEAN);
        assertThat(ids.concat(0, x).kind()).isEqualTo(FLOAT);
        refused(() -> ids.div(2), "DIVIDE", "INTEGER [batch]", "cast to FLOAT");
        refused(() -> ids.mul(0.5), "MULTIPLY", "0.5");
        refused(() -> truth.add(1), "ADD", "BOOLEAN");
        refused(() -> ids.apply(Op.Unary.Function.EXP), "EXP", "INTEGER");
        refused(() -> ids.mean(false, 0), "MEAN");
        refused(() -> ids.softmax(0), "softmax takes FLOAT");
        refused(() -> truth.scalar(Op.Binary.Function.AND, 1), "AND");
        refused(() -> x.where(ids, x), "a condition takes BOOLEAN");
        refused(() -> scope.embedding("table", x, 5, 4), "INTEGER", "FLOAT [batch]");
        refused(() -> scope.linear("fc", ids("batch", 4), 4), "FLOAT");
    }

    @Test
    void contradicting_shapes_are_refused_with_both_sides() {
        Value x = x("batch", 3, 4);
        refused(() -> x.add(x(5)), "[batch, 3, 4]", "[5]", "broadcast");
        refused(() -> x.matmul(x(3, 4)), "matrices", "[batch, 3, 4]", "[3, 4]");
        refused(() -> x(3, 4).reshape(5, 2), "reshape", "[3, 4]", "[5, 2]");
        refused(() -> x.reshape(x.size(0), 2, 7), "[batch, 2, 7]");
        refused(() -> x.reshape(x.size(0).times(5), 2), "(batch * 5)");
        refused(() -> x.reshape(x.size(0), -1, -12), "-12");
        refused(() -> x(3, 4).expand(6, 4), "expand", "[3, 4]", "[6, 4]");
        refused(() -> x.expand(4), "expand");
        refused(() -> x.concat(1, x("batch", 3, 5)), "axis 1", "[batch, 3, 5]");
        refused(() -> x.concat(1, x("batch", 3)), "axis 1");
        refused(() -> x.slice(1, 2, 5), "2 to 5", "axis 1", "[batch, 3, 4]");
        refused(() -> x.slice(1, 2, 1), "2 to 1");
        refused(() -> x.select(1, 3), "axis 1");
        refused(() -> x.select(0, -1), "axis 0");
        refused(() -> x.size(3), "axis 3", "[batch, 3, 4]");
        refused(() -> x.softmax(-4), "axis -4");
        refused(() -> x.mean(false), "names no axis");
        refused(() -> x.permute(0, 1), "every axis");
        refused(() -> x.permute(0, 1, 1), "every axis");
        refused(() -> x.unsqueeze(5), "5");
        refused(() -> x(2, 3, 4, 4).maxPool2d(7, 1, 0), "window of 7", "side of 4");
        refused(() -> x(4, 4).maxPool2d(2, 1, 0), "height and width");
        refused(() -> x(4).pad2d(Size.of(1), Size.of(1), Size.of(1), Size.of(1), 0), "height and width");
        refused(() -> x.reshape("all"), "whole numbers", "all");
        refused(() -> scope.linear(x, x(6, 5), null), "linear", "[6, 5]", "[batch, 3, 4]");
        refused(() -> scope.conv2d("conv", x(1, 6, 5, 5), 8, 3, 1, 1, 4, true), "conv", "6 channels", "4 groups");
        refused(() -> scope.conv2d("conv", x(1, 6, 5, 5), 8, 9, 1, 1, true), "window of 9");
        refused(() -> scope.attention(x(1, 2, 3, 4), x(1, 2, 3, 5), x(1, 2, 3, 5), null, 0), "attention");
        refused(() -> scope.attention(x(1, 2, 3, 4), x(1, 2, 3, 4), x(1, 2, 3, 4), ids(3, 3), 0), "mask");
        refused(() -> scope.dropout(x, 1.5), "1.5");
        refused(() -> scope.input("x[batch, 3, 4]", FLOAT, "batch", 3), "x[batch, 3, 4]", "[batch, 3]");
        refused(() -> x.add(Traces.scope().number(1)), "another trace");
        assertThatThrownBy(() -> scope.linear("fc", x("batch", "width"), 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("width");
    }
}
