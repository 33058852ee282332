package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** Sliding windows over height and width, and interpolation. */
record WindowOps(Graph graph, Sizes sizes, ShapeOps shapes) {

    static List<Long> bothSides(List<Long> padding) {
        List<Long> both = new ArrayList<>(padding);
        both.addAll(padding);
        return both;
    }

    String pool(Value node, Op.Pool2d op, String x) {
        boolean padded = op.padding().stream().anyMatch(p -> p > 0);
        return !op.maximum() && op.ceil() && op.countPadding() && padded
                ? withBatch(node, x, image -> countedMean(node, op, image))
                : withBatch(node, x, image -> plainPool(op, image));
    }

    private String plainPool(Op.Pool2d op, String image) {
        List<Attribute> attributes = new ArrayList<>(List.of(
                Attribute.numbers("kernel_shape", op.kernel()),
                Attribute.numbers("strides", op.stride()),
                Attribute.numbers("pads", bothSides(op.padding())),
                Attribute.flag("ceil_mode", op.ceil())));
        if (!op.maximum()) {
            // What a last window reaches beyond the border counts in some runtimes; where there is no border it must
            // not.
            attributes.add(Attribute.flag("count_include_pad", op.countPadding() && !op.ceil()));
        }
        return graph.node(
                op.maximum() ? "MaxPool" : "AveragePool", List.of(image), attributes.toArray(new Attribute[0]));
    }

    /** The border counts, but not what a last window reaches beyond it: sums by counts, both over windows that fit. */
    private String countedMean(Value node, Op.Pool2d op, String image) {
        Value from = node.inputs().get(0);
        List<Size> none = List.of(Size.of(0), Size.of(0));
        List<Size> before = new ArrayList<>(none);
        List<Size> after = new ArrayList<>(none);
        List<Size> beyond = new ArrayList<>(none);
        List<Size> counted = new ArrayList<>(List.of(Size.of(1), Size.of(1)));
        for (int i = 0; i < 2; i++) {
            Size side = from.size(i - 2);
            long padding = op.padding().get(i);
            Size reach = node.size(i - 2)
                    .minus(1)
                    .times(op.stride().get(i))
                    .plus(op.kernel().get(i));
            before.add(Size.of(padding));
            after.add(reach.minus(side).minus(padding));
            beyond.add(reach.minus(side).minus(2 * padding));
            counted.add(side.plus(2 * padding));
        }
        Op.Pool2d fitting = new Op.Pool2d(false, op.kernel(), op.stride(), List.of(0L, 0L), false, true);
        String sums = plainPool(fitting, pad(image, before, after));
        String ones = pad(shapes.full(new Op.Full(counted, 1)), Collections.nCopies(4, Size.of(0)), beyond);
        return two("Div", sums, plainPool(fitting, ones));
    }

    private String pad(String x, List<Size> before, List<Size> after) {
        List<Size> borders = new ArrayList<>(before);
        borders.addAll(after);
        return two("Pad", x, sizes.vector(borders));
    }

    /** ONNX has no pictures without a batch. */
    private String withBatch(Value node, String x, UnaryOperator<String> operation) {
        if (node.rank() != 3) {
            return operation.apply(x);
        }
        String axis = graph.integers(0);
        String pooled = operation.apply(graph.node("Unsqueeze", List.of(x, axis)));
        return graph.node("Squeeze", List.of(pooled, axis));
    }

    /**
     * Products with a matrix on either side, whose rows hold the shares of one window: parts overlap where they do not divide
     * a side, so that no window of one size would do.
     */
    String adaptiveMean(Value node, Op.AdaptiveMeanPool2d op, String x) {
        if (op.height() == 1 && op.width() == 1) {
            return withBatch(node, x, image -> graph.node("GlobalAveragePool", List.of(image)));
        }
        Value from = node.inputs().get(0);
        String rows = shares(op.height(), from.size(-2));
        String columns = graph.node(
                "Transpose", List.of(shares(op.width(), from.size(-1))), Attribute.numbers("perm", List.of(1, 0)));
        return graph.node("MatMul", List.of(graph.node("MatMul", List.of(rows, x)), columns));
    }

    /** {@code [parts, length]}: part i is the mean of the elements from {@code floor(i n / p)} to {@code ceil((i + 1) n / p)}. */
    private String shares(long parts, Size length) {
        List<Long> firsts = new ArrayList<>();
        for (long i = 0; i < parts; i++) {
            firsts.add(i);
        }
        String part = two("Unsqueeze", graph.integers(firsts), graph.integers(1));
        String count = graph.integers(parts);
        String side = sizes.one(length);
        String start = two("Div", two("Mul", part, side), count);
        String next = two("Mul", two("Add", part, graph.integers(1)), side);
        String end = two("Div", two("Add", next, graph.integers(parts - 1)), count);
        String position = shapes.arange(length);
        String within = two("And", one("Not", two("Less", position, start)), two("Less", position, end));
        Attribute floats = Attribute.number("to", Tensors.type(Kind.FLOAT));
        String lengths = graph.node("Cast", List.of(two("Sub", end, start)), floats);
        return two("Div", graph.node("Cast", List.of(within), floats), lengths);
    }

    String resize(Value node, Op.Resize2d op, String x) {
        Value from = node.inputs().get(0);
        String wanted = sizes.vector(List.of(from.size(0), from.size(1), op.height(), op.width()));
        List<String> in = List.of(x, "", "", wanted);
        String place = op.alignCorners() ? "align_corners" : "half_pixel";
        return switch (op.mode()) {
            case NEAREST ->
                graph.node(
                        "Resize",
                        in,
                        Attribute.text("mode", "nearest"),
                        Attribute.text("coordinate_transformation_mode", "asymmetric"),
                        Attribute.text("nearest_mode", "floor"));
            case BILINEAR ->
                graph.node(
                        "Resize",
                        in,
                        Attribute.text("mode", "linear"),
                        Attribute.text("coordinate_transformation_mode", place));
            case BICUBIC ->
                graph.node(
                        "Resize",
                        in,
                        Attribute.text("mode", "cubic"),
                        Attribute.real("cubic_coeff_a", -0.75),
                        Attribute.text("coordinate_transformation_mode", place));
        };
    }

    private String one(String operator, String x) {
        return graph.node(operator, List.of(x));
    }

    private String two(String operator, String a, String b) {
        return graph.node(operator, List.of(a, b));
    }
}
