package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sizes as nodes: integers along one axis of length one, computed once each. */
final class Sizes {
    private record Place(String input, int axis) {}

    private final Graph graph;
    private final Map<Size, Place> axes = new HashMap<>();
    private final Map<Size, String> known = new HashMap<>();

    Sizes(Graph graph) {
        this.graph = graph;
    }

    /** Learns the axes that an argument names. */
    void argument(Value value) {
        String name = ((Op.Input) value.op()).name();
        for (int i = 0; i < value.rank(); i++) {
            Size axis = value.size(i);
            if (axis instanceof Size.Axis) {
                axes.putIfAbsent(axis, new Place(name, i));
            }
        }
    }

    /** Several sizes along one axis; neighbours that are known become one constant. */
    String vector(List<Size> sizes) {
        List<String> parts = new ArrayList<>();
        List<Long> constants = new ArrayList<>();
        for (Size size : sizes) {
            if (size instanceof Size.Constant number) {
                constants.add(number.value());
            } else {
                flush(constants, parts);
                parts.add(one(size));
            }
        }
        flush(constants, parts);
        return switch (parts.size()) {
            case 0 -> graph.integers(List.of());
            case 1 -> parts.get(0);
            default -> graph.node("Concat", parts, Attribute.number("axis", 0));
        };
    }

    private void flush(List<Long> constants, List<String> parts) {
        if (!constants.isEmpty()) {
            parts.add(graph.integers(List.copyOf(constants)));
            constants.clear();
        }
    }

    /** A size without axes. */
    String scalar(Size size) {
        return size instanceof Size.Constant number
                ? graph.number(Kind.INTEGER, (double) number.value())
                : graph.node("Squeeze", List.of(one(size)));
    }

    /** A size along one axis of length one. */
    String one(Size size) {
        if (size instanceof Size.Constant number) {
            return graph.integers(number.value());
        }
        String name = known.get(size);
        if (name == null) {
            name = size instanceof Size.Arithmetic arithmetic
                    ? compute(arithmetic.operator(), one(arithmetic.left()), one(arithmetic.right()))
                    : read(size);
            known.put(size, name);
        }
        return name;
    }

    private String read(Size axis) {
        Place place = axes.get(axis);
        if (place == null) {
            throw new IllegalStateException("no input has an axis named " + axis);
        }
        Attribute start = Attribute.number("start", place.axis());
        return graph.node("Shape", List.of(place.input()), start, Attribute.number("end", place.axis() + 1));
    }

    private String compute(Size.Operator operator, String a, String b) {
        return switch (operator) {
            case ADD -> graph.node("Add", List.of(a, b));
            case SUBTRACT -> graph.node("Sub", List.of(a, b));
            case MULTIPLY -> graph.node("Mul", List.of(a, b));
            case FLOOR_DIVIDE -> floorDivide(graph, a, b);
            case MODULO -> graph.node("Mod", List.of(a, b));
            case MAX -> graph.node("Max", List.of(a, b));
            case MIN -> graph.node("Min", List.of(a, b));
        };
    }

    /** ONNX divides integers towards zero; what its remainder, which is floored, leaves over divides exactly. */
    static String floorDivide(Graph graph, String a, String b) {
        String rest = graph.node("Mod", List.of(a, b));
        return graph.node("Div", List.of(graph.node("Sub", List.of(a, rest)), b));
    }
}
