package dev.tailor.engine.torch;

import static dev.tailor.program.Kind.BOOLEAN;
import static dev.tailor.program.Kind.FLOAT;
import static dev.tailor.program.Kind.INTEGER;

import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Small networks, a few for each operation, whose results torch recorded ({@code operators.py}). */
public final class OperatorCases {
    /** The lengths of the named axes. */
    public static final Map<String, Long> AXES =
            Map.of("batch", 2L, "length", 4L, "height", 7L, "width", 6L, "five", 5L);

    private OperatorCases() {}

    private static Value x(Scope s, Object... axes) {
        return s.input("x", FLOAT, axes);
    }

    private static Value y(Scope s, Object... axes) {
        return s.input("y", FLOAT, axes);
    }

    private static Value ids(Scope s) {
        return s.input("ids", INTEGER, "batch", "length");
    }

    private static Value image(Scope s) {
        return x(s, "batch", 4, "height", "width");
    }

    private static Value wide(Scope s) {
        return x(s, "batch", 3, 4).mul(4);
    }

    private static Value positive(Scope s) {
        return x(s, "batch", 3, 4).apply(Op.Unary.Function.ABS).add(0.5);
    }

    static Map<String, java.util.function.Function<Scope, Value>> cases() {
        Map<String, java.util.function.Function<Scope, Value>> all = new LinkedHashMap<>();
        unary(all);
        binary(all);
        scalar(all);
        layers(all);
        attention(all);
        pools(all);
        shaping(all);
        creating(all);
        return all;
    }

    private static void unary(Map<String, java.util.function.Function<Scope, Value>> all) {
        for (Op.Unary.Function function : Op.Unary.Function.values()) {
            String name = function.name().toLowerCase(Locale.ROOT);
            switch (function) {
                case LOG, SQRT, RSQRT -> all.put(name, s -> positive(s).apply(function));
                case NOT ->
                    all.put(name, s -> wide(s).scalar(Function.GREATER, 0).apply(function));
                case RELU6 -> all.put(name, s -> wide(s).mul(2).apply(function));
                default -> all.put(name, s -> wide(s).apply(function));
            }
        }
        all.put("negate_integers", s -> ids(s).apply(Op.Unary.Function.NEGATE));
    }

    private static void binary(Map<String, java.util.function.Function<Scope, Value>> all) {
        for (Function function : Function.values()) {
            String name = function.name().toLowerCase(Locale.ROOT);
            switch (function) {
                case DIVIDE ->
                    all.put(name, s -> x(s, "batch", 1, 4).div(y(s, 3, 1).add(2)));
                case POWER ->
                    all.put(name, s -> {
                        Value base =
                                x(s, "batch", 1, 4).apply(Op.Unary.Function.ABS).add(0.1);
                        return base.binary(function, y(s, 3, 1));
                    });
                case EQUAL, NOT_EQUAL ->
                    all.put(name, s -> ids(s).binary(function, s.input("ids2", INTEGER, "length")));
                case AND, OR ->
                    all.put(name, s -> {
                        Value left = x(s, "batch", 1, 4).scalar(Function.GREATER, 0);
                        return left.binary(function, y(s, 3, 1).scalar(Function.GREATER, 0));
                    });
                case FLOOR_DIVIDE, REMAINDER ->
                    all.put(name, s -> wide(s).binary(function, y(s, 3, 1).add(2)));
                default -> all.put(name, s -> x(s, "batch", 1, 4).binary(function, y(s, 3, 1)));
            }
        }
        all.put("integer_division", s -> {
            Value minus = ids(s).scalar(Function.SUBTRACT, 3);
            return minus.scalar(Function.FLOOR_DIVIDE, 2).mul(10).add(minus.scalar(Function.REMAINDER, 2));
        });
        all.put("add_mixed", s -> ids(s).add(x(s, "batch", "length")));
        all.put("where", s -> {
            Value x = x(s, "batch", 1, 4);
            Value y = y(s, 3, 1);
            return x.where(x.binary(Function.GREATER, y), y.mul(10));
        });
    }

    private static void scalar(Map<String, java.util.function.Function<Scope, Value>> all) {
        all.put("scalar_add", s -> wide(s).add(1.5));
        all.put("scalar_subtract", s -> wide(s).scalar(Function.SUBTRACT, 1.5));
        all.put("scalar_multiply", s -> wide(s).mul(-2));
        all.put("scalar_divide", s -> wide(s).div(3));
        all.put("scalar_power", s -> wide(s).scalar(Function.POWER, 2));
        all.put("scalar_floor_divide", s -> wide(s).scalar(Function.FLOOR_DIVIDE, 0.3));
        all.put("scalar_remainder", s -> wide(s).scalar(Function.REMAINDER, 0.3));
        all.put("scalar_maximum", s -> wide(s).scalar(Function.MAXIMUM, 0.25));
        all.put("scalar_minimum", s -> wide(s).scalar(Function.MINIMUM, 0.25));
        all.put("scalar_less", s -> wide(s).scalar(Function.LESS, 0.5));
        all.put("scalar_greater", s -> wide(s).scalar(Function.GREATER, 0.5));
        all.put("scalar_equal", s -> ids(s).scalar(Function.EQUAL, 3));
        all.put("scalar_not_equal", s -> ids(s).scalar(Function.NOT_EQUAL, 3));
        all.put("integer_arithmetic", s -> {
            Value y = ids(s).add(2).mul(3).scalar(Function.SUBTRACT, 1);
            return y.scalar(Function.MAXIMUM, 6).scalar(Function.MINIMUM, 12);
        });
    }

    private static void layers(Map<String, java.util.function.Function<Scope, Value>> all) {
        all.put("linear", s -> s.linear("fc", x(s, "batch", 3, 4), 5));
        all.put("linear_without_bias", s -> s.linear("fc", x(s, "batch", 3, 4), 5, false));
        all.put("embedding", s -> s.embedding("table", ids(s), 5, 3));
        all.put("conv", s -> s.conv2d("conv", image(s), 6, 3, 2, 1, true));
        all.put("conv1d", s -> s.conv1d("conv", x(s, "batch", 4, "width"), 6, 3, 2, 1, 2));
        all.put("conv_groups", s -> s.conv2d("conv", image(s), 8, 3, 1, 1, 4, false));
        all.put("conv_dilation", s -> s.conv2d("conv", image(s), 6, 3, 1, 1, false));
        all.put("layer_norm", s -> s.layerNorm("norm", x(s, "batch", 3, 4), 1e-3));
        all.put("layer_norm_without_bias", s -> s.layerNorm("norm", x(s, "batch", 3, 4), 1e-3, false));
        all.put("group_norm", s -> s.groupNorm("norm", image(s), 2, 1e-3));
        all.put("batch_norm", s -> s.batchNorm("norm", image(s), 1e-3, 0.1));
        all.put("conv_batch_norm", s -> s.batchNorm("norm", s.conv2d("conv", image(s), 4, 3, 1, 1, true), 1e-3, 0.1));
        all.put("matmul", s -> x(s, "batch", 1, 3, 4).matmul(y(s, 5, 4, 2)));
        all.put("softmax", s -> x(s, "batch", 3, 4).softmax(1));
        all.put("log_softmax", s -> x(s, "batch", 3, 4).logSoftmax(-1));
        all.put("dropout", s -> s.dropout(x(s, "batch", 3, 4), 0.9));
    }

    private static void attention(Map<String, java.util.function.Function<Scope, Value>> all) {
        all.put("attention", s -> s.attention(query(s), key(s, 5), value(s, 5), null, 0.5));
        all.put("attention_boolean_mask", s -> {
            Value mask = s.input("ids", INTEGER, "batch", 5).scalar(Function.NOT_EQUAL, 3);
            return s.attention(
                    query(s), key(s, 5), value(s, 5), mask.unsqueeze(1).unsqueeze(1), 0);
        });
        all.put("attention_added_mask", s -> {
            Value mask = s.input("mask", FLOAT, 3, 5);
            return s.attention(query(s), key(s, 5), value(s, 5), mask, 0);
        });
        all.put("attention_causal", s -> {
            Value key = key(s, 5).slice(2, 0, 3);
            return s.attention(query(s), key, value(s, 5).slice(2, 0, 3), null, 0);
        });
    }

    private static Value query(Scope s) {
        return x(s, "batch", 2, 3, 4);
    }

    private static Value key(Scope s, int length) {
        return y(s, "batch", 2, length, 4);
    }

    private static Value value(Scope s, int length) {
        return s.input("z", FLOAT, "batch", 2, length, 4);
    }

    private static void pools(Map<String, java.util.function.Function<Scope, Value>> all) {
        for (boolean ceil : new boolean[] {false, true}) {
            for (long padding = 0; padding < 2; padding++) {
                String name = (ceil ? "ceil_" : "floor_") + padding;
                List<Long> kernel = List.of(3L, 2L);
                List<Long> stride = List.of(3L, 4L);
                List<Long> border = List.of(padding, padding);
                all.put(
                        "max_pool_" + name,
                        s -> image(s).pool(new Op.Pool2d(true, kernel, stride, border, ceil, false)));
                all.put(
                        "avg_pool_" + name + "_counted",
                        s -> image(s).pool(new Op.Pool2d(false, kernel, stride, border, ceil, true)));
                all.put(
                        "avg_pool_" + name + "_uncounted",
                        s -> image(s).pool(new Op.Pool2d(false, kernel, stride, border, ceil, false)));
            }
        }
        List<Long> four = List.of(4L, 4L);
        Op.Pool2d past = new Op.Pool2d(false, four, List.of(3L, 3L), List.of(1L, 1L), true, true);
        all.put("avg_pool_past_the_border", s -> image(s).pool(past));
        all.put("adaptive_mean_pool", s -> image(s).adaptiveMeanPool2d(3, 4));
        for (Op.Resize2d.Mode mode : Op.Resize2d.Mode.values()) {
            String name = "resize_" + mode.name().toLowerCase(Locale.ROOT);
            all.put(name, s -> {
                Value x = image(s);
                return x.resize2d(new Op.Resize2d(mode, x.size(2).times(2), Size.of(4), false));
            });
            if (mode != Op.Resize2d.Mode.NEAREST) {
                all.put(name + "_corners", s -> image(s).resize2d(new Op.Resize2d(mode, Size.of(5), Size.of(9), true)));
            }
        }
        all.put("pad", s -> image(s).pad2d(Size.of(3), Size.of(0), Size.of(1), Size.of(2), -1.5));
        all.put("pad_to_a_multiple", s -> {
            Value x = image(s);
            Size none = Size.of(0);
            Size below = Size.of(8).minus(x.size(2)).mod(4);
            Size right = Size.of(8).minus(x.size(3)).mod(4);
            return x.pad2d(none, below, none, right, 0);
        });
    }

    private static void shaping(Map<String, java.util.function.Function<Scope, Value>> all) {
        all.put("mean", s -> x(s, "batch", 3, 4).mean(false, -1, 1));
        all.put("mean_kept", s -> x(s, "batch", 3, 4).mean(true, 1));
        all.put("sum", s -> x(s, "batch", 3, 4).sum(false, 0, 2));
        all.put(
                "sum_of_truth",
                s -> x(s, "batch", 3, 4).scalar(Function.GREATER, 0).sum(false, 2));
        all.put("max", s -> x(s, "batch", 3, 4).reduce(Op.Reduce.Function.MAX, false, 2));
        all.put("max_kept", s -> x(s, "batch", 3, 4).reduce(Op.Reduce.Function.MAX, true, 0, 1));
        all.put("reshape", s -> {
            Value x = x(s, "batch", "width", 4);
            Value split = x.reshape(x.size(0), x.size(1).floorDiv(2), 2, 4).permute(0, 2, 1, 3);
            return split.reshape(x.size(0), 2, split.size(2).times(4));
        });
        all.put("permute", s -> x(s, "batch", 3, 4).permute(2, 0, 1));
        all.put("transpose", s -> x(s, "batch", 3, 4).transpose(0, -1));
        all.put("expand", s -> {
            Value x = x(s, "batch", 1, 4);
            return x.expand(x.size(0), 3, 4);
        });
        all.put("slice", s -> x(s, "batch", 5, 4).slice(1, 1, 4));
        all.put("slice_of_the_end", s -> {
            Value x = s.input("x", FLOAT, "batch", "five", 4);
            return x.slice(1, x.size(1).minus(2), x.size(1));
        });
        all.put("select", s -> x(s, "batch", 5, 4).select(1, 2));
        all.put("gather", s -> x(s, "batch", 5).gather(1, ids(s)));
        all.put("cumulative_sum", s -> x(s, "batch", 3, 4).cumulativeSum(1));
        all.put("cumulative_sum_of_integers", s -> ids(s).cumulativeSum(-1));
        all.put("chunk", s -> {
            List<Value> parts = x(s, "batch", 6).chunk(1, 3);
            return parts.get(2).concat(1, parts.get(0));
        });
        all.put("concat", s -> x(s, "batch", 3).concat(1, y(s, "batch", 2), x(s, "batch", 3)));
        all.put("cast_to_integers", s -> x(s, "batch", "length").mul(9).cast(INTEGER));
        all.put("cast_to_truth", s -> ids(s).cast(BOOLEAN));
        all.put("cast_to_floats", s -> ids(s).cast(FLOAT).div(2));
    }

    private static void creating(Map<String, java.util.function.Function<Scope, Value>> all) {
        all.put("full", s -> s.full(0.75, ids(s).size(0), ids(s).size(1), 3));
        all.put("arange", s -> s.arange(ids(s).size(1)));
        all.put("number", s -> x(s, "batch", "length").sub(s.number(7)));
        all.put("integers", s -> ids(s).add(s.integers(List.of(5L, -2L, 7L, 1L))));
        all.put("sines", s -> ids(s).mul(1000).sines(List.of(1.0, 0.01)));
        all.put("cosines", s -> ids(s).mul(1000).cosines(List.of(1.0, 0.01)));
        all.put("numbers", s -> x(s, "batch", 3).add(s.numbers(List.of(0.5, -1.0, 1e-3))));
        all.put("sizes", s -> {
            Size seven = image(s).size(2);
            List<Size> sizes = List.of(
                    seven.minus(10).floorDiv(3).plus(5),
                    seven.minus(10).mod(4),
                    seven.minus(10).max(2),
                    seven.min(Size.of(2)),
                    seven.times(2).minus(seven));
            // The length of an arange tells what a size is.
            Value[] lengths =
                    sizes.stream().map(size -> s.full(1, size).sum(true, 0)).toArray(Value[]::new);
            return lengths[0].concat(0, Arrays.copyOfRange(lengths, 1, lengths.length));
        });
    }

    /** Attributes that no layer of {@link Scope} sets yet. */
    private static Op variant(String name, Op op) {
        if (name.equals("attention_causal") && op instanceof Op.Attention) {
            return new Op.Attention(0.3, true, 0);
        } else if (name.equals("conv_dilation") && op instanceof Op.Conv2d) {
            return new Op.Conv2d(List.of(1L, 1L), List.of(2L, 1L), List.of(2L, 1L), 1);
        }
        return op;
    }

    /** A case, on weights that are written into the folder. */
    public static TracedModel model(String name, Path folder) {
        var network = cases().get(name);
        TracedModel model = Nets.onWaves(folder, s -> Map.of("out", network.apply(s)));
        Program.Function function = Rewriter.rewrite(model.program().main(), (node, inputs, rewriter) -> {
            Op op = variant(name, node.op());
            return op == node.op() ? rewriter.copy(node, inputs) : rewriter.node(op, inputs, node.kind(), node.shape());
        });
        return new TracedModel(new Program(model.program().weights(), List.of(function)), model.weights(), List.of());
    }

    /** The names of all cases. */
    public static Set<String> names() {
        return cases().keySet();
    }
}
