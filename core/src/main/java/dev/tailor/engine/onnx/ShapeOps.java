package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.List;

/** Operations that move, repeat or create elements. */
record ShapeOps(Graph graph, Sizes sizes) {
    private static final Size ONE = Size.of(1);

    String permute(String x, List<Integer> axes) {
        return graph.node("Transpose", List.of(x), Attribute.numbers("perm", axes));
    }

    /** Sides that stay are 0 and one unknown side is -1, so that mostly nothing has to be computed for a shape. */
    String reshape(String x, List<Size> from, List<Size> to) {
        List<Size> written = new ArrayList<>();
        int unknown = 0;
        for (int i = 0; i < to.size(); i++) {
            Size side = to.get(i);
            boolean stays = !side.isConstant() && i < from.size() && from.get(i).equals(side);
            written.add(stays ? Size.of(0) : side);
            unknown += stays || side.isConstant() ? 0 : 1;
        }
        if (unknown == 1) {
            written.replaceAll(side -> side.isConstant() ? side : Size.of(-1));
        }
        boolean empty = to.contains(Size.of(0));
        return graph.node(
                "Reshape",
                List.of(x, sizes.vector(empty ? to : written)),
                empty ? new Attribute[] {Attribute.flag("allowzero", true)} : new Attribute[0]);
    }

    /** Sides that stay are 1, which every length broadcasts with. */
    String expand(String x, List<Size> from, List<Size> to) {
        int lead = to.size() - from.size();
        List<Size> written = new ArrayList<>();
        for (int i = 0; i < to.size(); i++) {
            boolean stays = i >= lead && from.get(i - lead).equals(to.get(i));
            written.add(stays ? ONE : to.get(i));
        }
        return graph.node("Expand", List.of(x, sizes.vector(written)));
    }

    String slice(String x, Op.Slice op) {
        List<String> in = List.of(x, sizes.one(op.start()), sizes.one(op.end()), graph.integers(op.axis()));
        return graph.node("Slice", in);
    }

    String select(String x, Op.Select op) {
        return graph.node("Gather", List.of(x, sizes.scalar(op.index())), Attribute.number("axis", op.axis()));
    }

    String concat(Value node, List<String> in, ElementOps elements) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < in.size(); i++) {
            parts.add(elements.cast(in.get(i), node.inputs().get(i).kind(), node.kind()));
        }
        return graph.node("Concat", parts, Attribute.number("axis", ((Op.Concat) node.op()).axis()));
    }

    String pad(String x, Kind kind, Op.Pad op, ElementOps elements) {
        List<Size> borders = new ArrayList<>(op.before());
        borders.addAll(op.after());
        Kind carrier = kind == Kind.BOOLEAN ? Kind.INTEGER : kind;
        String padded = graph.node(
                "Pad",
                List.of(elements.cast(x, kind, carrier), sizes.vector(borders), graph.number(carrier, op.value())));
        return elements.cast(padded, carrier, kind);
    }

    String full(Op.Full op) {
        if (op.shape().isEmpty()) {
            return graph.number(op.value());
        }
        Attribute value = Attribute.tensor("value", Tensors.one("", Kind.FLOAT, op.value(), true));
        return graph.node("ConstantOfShape", List.of(sizes.vector(op.shape())), value);
    }

    String numbers(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return graph.floats(List.of((long) floats.length), floats);
    }

    String arange(Size end) {
        String zero = graph.number(Kind.INTEGER, 0);
        return graph.node("Range", List.of(zero, sizes.scalar(end), graph.number(Kind.INTEGER, 1)));
    }

    String sinusoid(Op.Sinusoid op, String positions, ElementOps elements) {
        String column = graph.node("Unsqueeze", List.of(positions, graph.integers(-1)));
        String angles =
                graph.node("Mul", List.of(elements.cast(column, Kind.INTEGER, Kind.FLOAT), numbers(op.frequencies())));
        return graph.node(op.cosine() ? "Cos" : "Sin", List.of(angles));
    }
}
