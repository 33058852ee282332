package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Layers with weights, normalisations and attention. */
final class LayerOps {
    /** The least float; minus infinity would make rows without any key undefined. */
    private static final double LEAST = -Float.MAX_VALUE;

    private final Graph graph;
    private final Sizes sizes;
    private final ElementOps elements;
    private final ShapeOps shapes;
    /** What follows from a mask, for all layers that share it. */
    private final Map<String, String> ofMasks = new HashMap<>();

    LayerOps(Graph graph, Sizes sizes, ElementOps elements, ShapeOps shapes) {
        this.graph = graph;
        this.sizes = sizes;
        this.elements = elements;
        this.shapes = shapes;
    }

    /** {@code transposed} is the weight as {@code [in, out]}. */
    String linear(String x, String transposed, List<String> in) {
        String product = graph.node("MatMul", List.of(x, transposed));
        return in.size() > 2 ? graph.node("Add", List.of(product, in.get(2))) : product;
    }

    String conv(Value node, Op.Conv2d op, List<String> in) {
        List<Size> weight = node.inputs().get(1).shape();
        List<Long> kernel = List.of(weight.get(2).constant(), weight.get(3).constant());
        return graph.node(
                "Conv",
                in,
                Attribute.numbers("kernel_shape", kernel),
                Attribute.numbers("strides", op.stride()),
                Attribute.numbers("pads", WindowOps.bothSides(op.padding())),
                Attribute.numbers("dilations", op.dilation()),
                Attribute.number("group", op.groups()));
    }

    String layerNorm(Op.LayerNorm op, List<String> in) {
        return graph.node(
                "LayerNormalization", in, Attribute.number("axis", -1), Attribute.real("epsilon", op.epsilon()));
    }

    String batchNorm(Op.BatchNorm op, List<String> in) {
        return graph.node("BatchNormalization", in, Attribute.real("epsilon", op.epsilon()));
    }

    /** Opset 17 has no such operator: each group is an instance of its own, scaled and shifted by channel behind. */
    String groupNorm(Value node, Op.GroupNorm op, List<String> in) {
        Value x = node.inputs().get(0);
        String grouped = graph.node("Reshape", List.of(in.get(0), graph.integers(0, op.groups(), -1)));
        float[] ones = new float[(int) op.groups()];
        Arrays.fill(ones, 1);
        List<Long> length = List.of(op.groups());
        String normal = graph.node(
                "InstanceNormalization",
                List.of(grouped, graph.floats(length, ones), graph.floats(length, new float[ones.length])),
                Attribute.real("epsilon", op.epsilon()));
        String back = graph.node("Reshape", List.of(normal, sizes.vector(x.shape())));
        String scaled = graph.node("Mul", List.of(back, perChannel(x, in.get(1))));
        return graph.node("Add", List.of(scaled, perChannel(x, in.get(2))));
    }

    private String perChannel(Value x, String weight) {
        List<Long> shape = new ArrayList<>(Collections.nCopies(x.rank() - 1, 1L));
        shape.set(0, -1L);
        return graph.node("Reshape", List.of(weight, graph.integers(shape)));
    }

    /** In the form that exporters write and runtimes know: scaled queries, scores, mask, softmax, values. */
    String attention(Value node, Op.Attention op, List<String> in, Function<Value, String> names) {
        String query = graph.node("Mul", List.of(in.get(0), graph.number(op.scale())));
        String scores = graph.node("MatMul", List.of(query, keys(node.inputs().get(1), names)));
        if (in.size() > 3) {
            scores = graph.node("Add", List.of(scores, bias(node.inputs().get(3), in.get(3))));
        }
        if (op.causal()) {
            Size queries = node.inputs().get(0).size(2);
            scores = graph.node(
                    "Add", List.of(scores, causal(queries, node.inputs().get(1).size(2))));
        }
        String shares = graph.node("Softmax", List.of(scores), Attribute.number("axis", -1));
        String found = graph.node("MatMul", List.of(shares, in.get(2)));
        return in.size() > 3 && mayLeaveNoKey(node.inputs().get(3))
                ? graph.node("Mul", List.of(found, anyKey(in.get(3))))
                : found;
    }

    /**
     * Whether single queries may find no key, as in a window whose tokens are all padding: PyTorch gives zeros for them. A mask
     * that is the same for all queries leaves no key only in texts that are all padding.
     */
    private static boolean mayLeaveNoKey(Value mask) {
        return mask.kind() == Kind.BOOLEAN && mask.rank() >= 2 && !mask.size(-2).equals(Size.of(1));
    }

    private String anyKey(String mask) {
        return ofMasks.computeIfAbsent("any " + mask, n -> {
            String floats = elements.cast(mask, Kind.BOOLEAN, Kind.FLOAT);
            Attribute last = Attribute.numbers("axes", List.of(-1));
            return graph.node("ReduceMax", List.of(floats), last, Attribute.flag("keepdims", true));
        });
    }

    /** The keys with their last two axes swapped, in one step where they were turned before. */
    private String keys(Value key, Function<Value, String> names) {
        if (key.op() instanceof Op.Permute turned) {
            List<Integer> axes =
                    IntStream.of(0, 1, 3, 2).mapToObj(i -> turned.axes().get(i)).toList();
            return shapes.permute(names.apply(key.inputs().get(0)), axes);
        }
        return shapes.permute(names.apply(key), List.of(0, 1, 3, 2));
    }

    private String bias(Value mask, String name) {
        return mask.kind() == Kind.FLOAT
                ? name
                : ofMasks.computeIfAbsent(
                        name, n -> graph.node("Where", List.of(n, graph.number(0), graph.number(LEAST))));
    }

    private String causal(Size queries, Size keys) {
        return ofMasks.computeIfAbsent("causal " + queries + " " + keys, n -> {
            String column = graph.node("Unsqueeze", List.of(shapes.arange(queries), graph.integers(1)));
            String later = graph.node("Less", List.of(column, shapes.arange(keys)));
            return graph.node("Where", List.of(later, graph.number(LEAST), graph.number(0)));
        });
    }

    String reduce(Value node, Op.Reduce op, String x) {
        Kind from = node.inputs().get(0).kind();
        Kind computed = from == Kind.BOOLEAN ? Kind.INTEGER : from;
        String input = elements.cast(x, from, computed);
        Attribute keep = Attribute.flag("keepdims", op.keepAxes());
        String result = switch (op.function()) {
            case MEAN -> graph.node("ReduceMean", List.of(input), Attribute.numbers("axes", op.axes()), keep);
            case MAX -> graph.node("ReduceMax", List.of(input), Attribute.numbers("axes", op.axes()), keep);
            case SUM ->
                graph.node(
                        "ReduceSum",
                        List.of(
                                input,
                                graph.integers(op.axes().stream()
                                        .map(Integer::longValue)
                                        .toList())),
                        keep);
        };
        return elements.cast(result, computed, node.kind());
    }
}
