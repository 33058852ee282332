package dev.tailor.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A symbolic tensor: the result of one operation, with a kind and a shape of {@link Size}s. Nothing is computed; every method
 * adds a node to the program that is being traced. Negative axes count from the end. Not thread-safe: a trace has one thread.
 */
public final class Value {
    private final Tracer tracer;
    private final int id;
    private final Op op;
    private final List<Value> inputs;
    private final Kind kind;
    private final List<Size> shape;

    Value(Tracer tracer, int id, Op op, List<Value> inputs, Kind kind, List<Size> shape) {
        this.tracer = tracer;
        this.id = id;
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.kind = kind;
        this.shape = List.copyOf(shape);
    }

    boolean belongsTo(Tracer trace) {
        return tracer == trace;
    }

    /** The position in tracing order; an operand has a smaller one than its user. */
    public int id() {
        return id;
    }

    /** The operation that gives this value. */
    public Op op() {
        return op;
    }

    /** The operands. */
    public List<Value> inputs() {
        return inputs;
    }

    /** What the elements are. */
    public Kind kind() {
        return kind;
    }

    /** The lengths of all axes. */
    public List<Size> shape() {
        return shape;
    }

    /** The number of axes. */
    public int rank() {
        return shape.size();
    }

    /** The length of an axis. */
    public Size size(int axis) {
        return shape.get(axis(axis));
    }

    /** The sum, broadcast. */
    public Value add(Value other) {
        return binary(Op.Binary.Function.ADD, other);
    }

    /** The sum with a number. */
    public Value add(double number) {
        return scalar(Op.Binary.Function.ADD, number);
    }

    /** The difference, broadcast. */
    public Value sub(Value other) {
        return binary(Op.Binary.Function.SUBTRACT, other);
    }

    /** The product, broadcast. */
    public Value mul(Value other) {
        return binary(Op.Binary.Function.MULTIPLY, other);
    }

    /** The product with a number. */
    public Value mul(double number) {
        return scalar(Op.Binary.Function.MULTIPLY, number);
    }

    /** The quotient, broadcast. */
    public Value div(Value other) {
        return binary(Op.Binary.Function.DIVIDE, other);
    }

    /** The quotient by a number. */
    public Value div(double number) {
        return scalar(Op.Binary.Function.DIVIDE, number);
    }

    /** An element-wise function of two operands that broadcast. */
    public Value binary(Op.Binary.Function function, Value other) {
        Kind result = Kinds.binary(function, this, other);
        return tracer.node(new Op.Binary(function), List.of(this, other), result, Shapes.broadcast(this, other));
    }

    /** An element-wise function with a number on the right. */
    public Value scalar(Op.Binary.Function function, double number) {
        return tracer.node(new Op.Scalar(function, number), List.of(this), Kinds.scalar(function, this, number), shape);
    }

    /** An element-wise function. */
    public Value apply(Op.Unary.Function function) {
        return tracer.node(new Op.Unary(function), List.of(this), Kinds.unary(function, this), shape);
    }

    /** {@code max(x, 0)}. */
    public Value relu() {
        return apply(Op.Unary.Function.RELU);
    }

    /** The hyperbolic tangent. */
    public Value tanh() {
        return apply(Op.Unary.Function.TANH);
    }

    /** This value where the condition holds, the other elsewhere. */
    public Value where(Value condition, Value otherwise) {
        List<Size> both =
                Shapes.broadcast(Shapes.broadcast(this, otherwise), condition.shape, "the condition " + condition);
        Kinds.require(Kind.BOOLEAN, condition, "a condition");
        return tracer.node(new Op.Where(), List.of(condition, this, otherwise), kind.with(otherwise.kind), both);
    }

    /** The matrix product over the last two axes; leading axes broadcast. */
    public Value matmul(Value other) {
        Kinds.require(Kind.FLOAT, this, "a matrix");
        Kinds.require(Kind.FLOAT, other, "a matrix");
        return tracer.node(new Op.MatMul(), List.of(this, other), kind, Shapes.matmul(this, other));
    }

    /** Exponentials that sum to one along an axis. */
    public Value softmax(int axis) {
        Kinds.require(Kind.FLOAT, this, "softmax");
        return tracer.node(new Op.Softmax(axis(axis)), List.of(this), kind, shape);
    }

    /** The logarithm of {@link #softmax}, computed without its underflow. */
    public Value logSoftmax(int axis) {
        Kinds.require(Kind.FLOAT, this, "softmax");
        return tracer.node(new Op.LogSoftmax(axis(axis)), List.of(this), kind, shape);
    }

    /** The arithmetic mean over axes. */
    public Value mean(boolean keepAxes, int... axes) {
        return reduce(Op.Reduce.Function.MEAN, keepAxes, axes);
    }

    /** The sum over axes. */
    public Value sum(boolean keepAxes, int... axes) {
        return reduce(Op.Reduce.Function.SUM, keepAxes, axes);
    }

    /** A reduction over axes, at least one. */
    public Value reduce(Op.Reduce.Function function, boolean keepAxes, int... axes) {
        List<Integer> sorted =
                IntStream.of(axes).map(this::axis).sorted().distinct().boxed().toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("a reduction of " + this + " names no axis");
        }
        Kind result = Kinds.reduction(function, this);
        List<Size> left = new ArrayList<>();
        for (int i = 0; i < rank(); i++) {
            if (!sorted.contains(i)) {
                left.add(shape.get(i));
            } else if (keepAxes) {
                left.add(Size.of(1));
            }
        }
        return tracer.node(new Op.Reduce(function, sorted, keepAxes), List.of(this), result, left);
    }

    /** The same elements in another shape; the number of elements must agree where it is known. */
    public Value reshape(List<Size> target) {
        Shapes.checkReshape(this, target);
        return target.equals(shape)
                ? this
                : tracer.node(new Op.Reshape(List.copyOf(target)), List.of(this), kind, target);
    }

    /** The same elements in another shape; takes {@link Size}s and whole numbers. */
    public Value reshape(Object... target) {
        return reshape(Shapes.sizes(target));
    }

    /** Joins all axes from {@code start} on into one. */
    public Value flatten(int start) {
        List<Size> target = new ArrayList<>(shape.subList(0, axis(start)));
        target.add(shape.subList(axis(start), rank()).stream().reduce(Size.of(1), Size::times));
        return reshape(target);
    }

    /** Axes in another order. */
    public Value permute(int... axes) {
        List<Integer> order = IntStream.of(axes).map(this::axis).boxed().toList();
        if (order.size() != rank() || order.stream().distinct().count() != rank()) {
            throw new IllegalArgumentException("permute needs every axis of " + this + " once, found " + order);
        }
        return tracer.node(
                new Op.Permute(order),
                List.of(this),
                kind,
                order.stream().map(shape::get).toList());
    }

    /** Swaps two axes. */
    public Value transpose(int first, int second) {
        int[] order = IntStream.range(0, rank()).toArray();
        order[axis(first)] = axis(second);
        order[axis(second)] = axis(first);
        return permute(order);
    }

    /** Repeats axes of length one; takes {@link Size}s and whole numbers. */
    public Value expand(Object... target) {
        List<Size> sizes = Shapes.sizes(target);
        return tracer.node(new Op.Expand(sizes), List.of(this), kind, Shapes.expand(this, sizes));
    }

    /** A new axis of length one. */
    public Value unsqueeze(int axis) {
        int at = axis < 0 ? axis + rank() + 1 : axis;
        if (at < 0 || at > rank()) {
            throw new IllegalArgumentException("a new axis cannot stand at " + axis + " of " + this);
        }
        List<Size> target = new ArrayList<>(shape);
        target.add(at, Size.of(1));
        return reshape(target);
    }

    /** Elements {@code start .. end - 1} of an axis. */
    public Value slice(int axis, Size start, Size end) {
        List<Size> result = new ArrayList<>(shape);
        result.set(axis(axis), Shapes.slice(this, axis(axis), start, end));
        return tracer.node(new Op.Slice(axis(axis), start, end), List.of(this), kind, result);
    }

    /** Elements {@code start .. end - 1} of an axis. */
    public Value slice(int axis, long start, long end) {
        return slice(axis, Size.of(start), Size.of(end));
    }

    /** One index of an axis, which goes away. */
    public Value select(int axis, long index) {
        Shapes.slice(this, axis(axis), Size.of(index), Size.of(index + 1));
        List<Size> result = new ArrayList<>(shape);
        result.remove(axis(axis));
        return tracer.node(new Op.Select(axis(axis), Size.of(index)), List.of(this), kind, result);
    }

    /** This and the others, one after another along an axis. */
    public Value concat(int axis, Value... others) {
        List<Value> parts = new ArrayList<>(List.of(this));
        parts.addAll(List.of(others));
        Kind result = parts.stream().map(Value::kind).reduce(kind, Kind::with);
        return tracer.node(new Op.Concat(axis(axis)), parts, result, Shapes.concat(parts, axis(axis)));
    }

    /** Constant borders around height and width, the last two axes. */
    public Value pad2d(Size top, Size bottom, Size left, Size right, double value) {
        Shapes.requireImage(this);
        Size none = Size.of(0);
        List<Size> before = new ArrayList<>(Collections.nCopies(rank() - 2, none));
        List<Size> after = new ArrayList<>(before);
        before.addAll(List.of(top, left));
        after.addAll(List.of(bottom, right));
        return pad(before, after, value);
    }

    /** Constant borders; one size before and one after each axis. */
    public Value pad(List<Size> before, List<Size> after, double value) {
        if (before.size() != rank() || after.size() != rank()) {
            throw new IllegalArgumentException("borders " + before + " and " + after + " do not fit " + this);
        }
        List<Size> result = IntStream.range(0, rank())
                .mapToObj(i -> shape.get(i).plus(before.get(i)).plus(after.get(i)))
                .toList();
        return tracer.node(new Op.Pad(List.copyOf(before), List.copyOf(after), value), List.of(this), kind, result);
    }

    /** The maximum of a sliding window; rounds sizes down. */
    public Value maxPool2d(long kernel, long stride, long padding) {
        return pool(new Op.Pool2d(
                true, List.of(kernel, kernel), List.of(stride, stride), List.of(padding, padding), false, false));
    }

    /** The mean of a sliding window; rounds sizes down, padding counts. */
    public Value avgPool2d(long kernel, long stride, long padding) {
        return pool(new Op.Pool2d(
                false, List.of(kernel, kernel), List.of(stride, stride), List.of(padding, padding), false, true));
    }

    /** A sliding window of any form. */
    public Value pool(Op.Pool2d op) {
        Shapes.requireImage(this);
        Kinds.require(Kind.FLOAT, this, "pooling");
        return tracer.node(op, List.of(this), kind, Shapes.pool(this, op));
    }

    /** The mean over windows that divide height and width, the last two axes, into the given numbers of parts. */
    public Value adaptiveMeanPool2d(long height, long width) {
        Shapes.requireImage(this);
        Kinds.require(Kind.FLOAT, this, "pooling");
        List<Size> result = Shapes.withSides(this, Size.of(height), Size.of(width));
        return tracer.node(new Op.AdaptiveMeanPool2d(height, width), List.of(this), kind, result);
    }

    /** Height and width of {@code [batch, channels, height, width]} by interpolation. */
    public Value resize2d(Op.Resize2d op) {
        Shapes.requireRank(this, 4, "a resizing");
        Kinds.require(Kind.FLOAT, this, "a resizing");
        return tracer.node(op, List.of(this), kind, Shapes.withSides(this, op.height(), op.width()));
    }

    /** The elements that an index of the same rank names along an axis; the result has the index's shape. */
    public Value gather(int axis, Value index) {
        Kinds.require(Kind.INTEGER, index, "an index");
        Shapes.requireRank(index, rank(), "an index into " + this);
        return tracer.node(new Op.Gather(axis(axis)), List.of(this, index), kind, index.shape);
    }

    /** The running sum along an axis; truth values count as integers. */
    public Value cumulativeSum(int axis) {
        Kind result = Kinds.reduction(Op.Reduce.Function.SUM, this);
        return tracer.node(new Op.CumulativeSum(axis(axis)), List.of(this), result, shape);
    }

    /** Sines of integer positions times each frequency, which become the last axis. */
    public Value sines(List<Double> frequencies) {
        return sinusoid(false, frequencies);
    }

    /** Cosines of integer positions times each frequency, which become the last axis. */
    public Value cosines(List<Double> frequencies) {
        return sinusoid(true, frequencies);
    }

    private Value sinusoid(boolean cosine, List<Double> frequencies) {
        Kinds.require(Kind.INTEGER, this, "a sinusoid");
        List<Size> result = new ArrayList<>(shape);
        result.add(Size.of(frequencies.size()));
        return tracer.node(new Op.Sinusoid(cosine, List.copyOf(frequencies)), List.of(this), Kind.FLOAT, result);
    }

    /** Equal parts of an axis whose length is known. */
    public List<Value> chunk(int axis, int parts) {
        long all = size(axis).constant();
        if (parts < 1 || all % parts != 0) {
            throw new IllegalArgumentException("axis " + axis + " of " + this + " does not divide into " + parts);
        }
        long each = all / parts;
        return IntStream.range(0, parts)
                .mapToObj(i -> slice(axis, i * each, (i + 1) * each))
                .toList();
    }

    /** Conversion of the elements; nothing where they are of that kind. */
    public Value cast(Kind target) {
        return kind == target ? this : tracer.node(new Op.Cast(target), List.of(this), target, shape);
    }

    private int axis(int axis) {
        int positive = axis < 0 ? axis + rank() : axis;
        if (positive < 0 || positive >= rank()) {
            throw new IllegalArgumentException("axis " + axis + " does not exist in " + this);
        }
        return positive;
    }

    @Override
    public String toString() {
        return op.getClass().getSimpleName() + "#" + id + " " + kind + " " + shape;
    }
}
