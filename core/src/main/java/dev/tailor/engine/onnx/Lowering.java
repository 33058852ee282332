package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each operation of a function as ONNX nodes. Inputs, outputs and weights keep their names. */
final class Lowering {
    private final Graph graph = new Graph();
    private final Sizes sizes = new Sizes(graph);
    private final ElementOps elements = new ElementOps(graph);
    private final ShapeOps shapes = new ShapeOps(graph, sizes);
    private final WindowOps windows = new WindowOps(graph, sizes, shapes);
    private final LayerOps layers = new LayerOps(graph, sizes, elements, shapes);
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, String> transposed = new HashMap<>();
    private final Set<String> storedTransposed;

    private Lowering(Set<String> storedTransposed) {
        this.storedTransposed = storedTransposed;
    }

    /**
     * Nodes and constants, the weights whose two axes are to be stored the other way round, and the values between by name:
     * their shapes tell a runtime more than it finds out by itself, so that it can join more operators.
     */
    record Lowered(Graph graph, Set<String> transposedWeights, Map<String, Value> values) {}

    static Lowered of(Program.Function function) {
        Lowering lowering = new Lowering(onlyMatrices(function));
        function.inputs().forEach(lowering.sizes::argument);
        for (Value node : function.nodes()) {
            lowering.names.put(node.id(), lowering.lower(node));
        }
        function.outputs()
                .forEach((name, value) -> lowering.graph.node("Identity", List.of(lowering.name(value)), name));
        return new Lowered(lowering.graph, lowering.storedTransposed, lowering.values(function));
    }

    private String name(Value value) {
        String name = names.get(value.id());
        if (name == null) {
            throw new IllegalStateException(value + " is used before it is computed");
        }
        return name;
    }

    private Map<String, Value> values(Program.Function function) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (Value node : function.nodes()) {
            String name = name(node);
            if (!(node.op() instanceof Op.Input) && !(node.op() instanceof Op.Weight) && graph.computes(name)) {
                values.putIfAbsent(name, node);
            }
        }
        return values;
    }

    /** The weights that nothing but linear layers multiplies by: these are stored as MatMul wants them. */
    private static Set<String> onlyMatrices(Program.Function function) {
        Set<String> matrices = new HashSet<>();
        Set<String> others = new HashSet<>();
        function.outputs().values().forEach(v -> note(v, others));
        for (Value node : function.nodes()) {
            for (int i = 0; i < node.inputs().size(); i++) {
                boolean matrix = i == 1 && node.op() instanceof Op.Linear && !isGemm(node);
                note(node.inputs().get(i), matrix ? matrices : others);
            }
        }
        matrices.removeAll(others);
        return matrices;
    }

    private static void note(Value value, Set<String> keys) {
        if (value.op() instanceof Op.Weight weight) {
            keys.add(weight.key());
        }
    }

    /** A product of two matrices can take the weight as it is. */
    private static boolean isGemm(Value linear) {
        return linear.rank() == 2;
    }

    private String lower(Value node) {
        Op op = node.op();
        List<String> in = new ArrayList<>();
        node.inputs().forEach(v -> in.add(name(v)));
        if (op instanceof Op.Input input) {
            return input.name();
        } else if (op instanceof Op.Weight weight) {
            return weight.key();
        } else if (op instanceof Op.Linear) {
            return linear(node, in);
        } else if (op instanceof Op.Embedding) {
            return graph.node("Gather", List.of(in.get(1), in.get(0)), Attribute.number("axis", 0));
        } else if (op instanceof Op.Conv2d conv) {
            return layers.conv(node, conv, in);
        } else if (op instanceof Op.LayerNorm norm) {
            return layers.layerNorm(norm, in);
        } else if (op instanceof Op.GroupNorm norm) {
            return layers.groupNorm(node, norm, in);
        } else if (op instanceof Op.BatchNorm norm) {
            return layers.batchNorm(norm, in);
        } else if (op instanceof Op.Attention attention) {
            return layers.attention(node, attention, in, this::name);
        } else if (op instanceof Op.Unary unary) {
            return elements.unary(unary.function(), node.inputs().get(0).kind(), in.get(0));
        } else if (op instanceof Op.Binary binary) {
            return elements.binary(
                    binary.function(), node.inputs().get(0), node.inputs().get(1), in.get(0), in.get(1));
        } else if (op instanceof Op.Scalar scalar) {
            return elements.scalar(scalar, node.inputs().get(0).kind(), in.get(0));
        } else if (op instanceof Op.Where) {
            return elements.where(node, in);
        } else if (op instanceof Op.Cast) {
            return elements.cast(in.get(0), node.inputs().get(0).kind(), node.kind());
        } else if (op instanceof Op.MatMul) {
            return graph.node("MatMul", in);
        } else if (op instanceof Op.Softmax softmax) {
            return graph.node("Softmax", in, Attribute.number("axis", softmax.axis()));
        } else if (op instanceof Op.LogSoftmax softmax) {
            return graph.node("LogSoftmax", in, Attribute.number("axis", softmax.axis()));
        } else if (op instanceof Op.Dropout) {
            return in.get(0);
        }
        return shaping(node, in);
    }

    /** Operations that move, reduce or create elements. */
    private String shaping(Value node, List<String> in) {
        Op op = node.op();
        if (op instanceof Op.Reduce reduce) {
            return layers.reduce(node, reduce, in.get(0));
        } else if (op instanceof Op.Pool2d pool) {
            return windows.pool(node, pool, in.get(0));
        } else if (op instanceof Op.AdaptiveMeanPool2d pool) {
            return windows.adaptiveMean(node, pool, in.get(0));
        } else if (op instanceof Op.Resize2d resize) {
            return windows.resize(node, resize, in.get(0));
        } else if (op instanceof Op.Pad pad) {
            return shapes.pad(in.get(0), node.kind(), pad, elements);
        } else if (op instanceof Op.Reshape) {
            return shapes.reshape(in.get(0), node.inputs().get(0).shape(), node.shape());
        } else if (op instanceof Op.Permute permute) {
            return shapes.permute(in.get(0), permute.axes());
        } else if (op instanceof Op.Expand) {
            return shapes.expand(in.get(0), node.inputs().get(0).shape(), node.shape());
        } else if (op instanceof Op.Slice slice) {
            return shapes.slice(in.get(0), slice);
        } else if (op instanceof Op.Select select) {
            return shapes.select(in.get(0), select);
        } else if (op instanceof Op.Gather gather) {
            return graph.node("GatherElements", in, Attribute.number("axis", gather.axis()));
        } else if (op instanceof Op.CumulativeSum sum) {
            String x = elements.cast(in.get(0), node.inputs().get(0).kind(), node.kind());
            return graph.node("CumSum", List.of(x, graph.number(Kind.INTEGER, sum.axis())));
        } else if (op instanceof Op.Concat) {
            return shapes.concat(node, in, elements);
        } else if (op instanceof Op.Full full) {
            return shapes.full(full);
        } else if (op instanceof Op.Numbers numbers) {
            return shapes.numbers(numbers.values());
        } else if (op instanceof Op.Arange arange) {
            return shapes.arange(arange.end());
        } else if (op instanceof Op.Integers integers) {
            return graph.integers(integers.values());
        } else if (op instanceof Op.Sinusoid sinusoid) {
            return shapes.sinusoid(sinusoid, in.get(0), elements);
        }
        throw new OnnxExportException("The operation " + node + " cannot be written in ONNX's opset " + OnnxExport.OPSET
                + ": it has no counterpart there");
    }

    private String linear(Value node, List<String> in) {
        Value weight = node.inputs().get(1);
        if (isGemm(node)) {
            return graph.node("Gemm", in, Attribute.flag("transB", true));
        }
        boolean turned = weight.op() instanceof Op.Weight stored && storedTransposed.contains(stored.key());
        String matrix =
                turned ? in.get(1) : transposed.computeIfAbsent(in.get(1), name -> shapes.permute(name, List.of(1, 0)));
        return layers.linear(in.get(0), matrix, in);
    }
}
