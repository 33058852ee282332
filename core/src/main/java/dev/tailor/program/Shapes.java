package dev.tailor.program;

import java.util.ArrayList;
import java.util.List;

/** The rules by which operations give shapes; a contradiction is found while tracing, with both shapes named. */
final class Shapes {
    private static final Size ONE = Size.of(1);

    private Shapes() {}

    static List<Size> sizes(Object... values) {
        List<Size> result = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof Size size) {
                result.add(size);
            } else if (value instanceof Number number) {
                result.add(Size.of(number.longValue()));
            } else {
                throw new IllegalArgumentException("a shape is made of sizes and whole numbers, found " + value);
            }
        }
        return List.copyOf(result);
    }

    static List<Size> broadcast(Value a, Value b) {
        return broadcast(a.shape(), b.shape(), a + " and " + b);
    }

    static List<Size> broadcast(List<Size> a, List<Size> b, String what) {
        int rank = Math.max(a.size(), b.size());
        List<Size> result = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            Size x = fromEnd(a, rank - 1 - i);
            Size y = fromEnd(b, rank - 1 - i);
            if (x.isConstant() && y.isConstant() && !x.equals(y) && !x.equals(ONE) && !y.equals(ONE)) {
                throw new IllegalArgumentException("shapes " + a + " and " + b + " do not broadcast: " + what);
            }
            result.add(x.equals(ONE) ? y : y.equals(ONE) || x.isConstant() ? x : y.isConstant() ? y : x);
        }
        return result;
    }

    static List<Size> matmul(Value a, Value b) {
        if (a.rank() < 2 || b.rank() < 2 || differ(a.size(-1), b.size(-2))) {
            throw new IllegalArgumentException("matrices do not fit: " + a + " times " + b);
        }
        List<Size> result = new ArrayList<>(
                broadcast(a.shape().subList(0, a.rank() - 2), b.shape().subList(0, b.rank() - 2), a + " times " + b));
        result.add(a.size(-2));
        result.add(b.size(-1));
        return result;
    }

    static void checkReshape(Value value, List<Size> target) {
        List<Size> from = new ArrayList<>();
        List<Size> to = new ArrayList<>();
        long own = value.shape().stream().mapToLong(s -> factors(s, from)).reduce(1, Math::multiplyExact);
        long wanted = target.stream().mapToLong(s -> factors(s, to)).reduce(1, Math::multiplyExact);
        // What the caller chooses, such as the batch, mostly stands on both sides; then the rest is known.
        from.removeIf(to::remove);
        boolean differ = from.isEmpty() && to.isEmpty() && own != wanted;
        if (differ || target.stream().anyMatch(s -> s.isConstant() && s.constant() < 0)) {
            throw new IllegalArgumentException("cannot reshape " + value + " to " + target);
        }
    }

    /** The known factor of a size; the others are added to a list. */
    private static long factors(Size size, List<Size> others) {
        if (size instanceof Size.Constant known) {
            return known.value();
        } else if (size instanceof Size.Arithmetic product && product.operator() == Size.Operator.MULTIPLY) {
            return Math.multiplyExact(factors(product.left(), others), factors(product.right(), others));
        }
        others.add(size);
        return 1;
    }

    static List<Size> expand(Value value, List<Size> target) {
        int lead = target.size() - value.rank();
        if (lead < 0) {
            throw new IllegalArgumentException("cannot expand " + value + " to " + target);
        }
        for (int i = 0; i < target.size(); i++) {
            Size own = i < lead ? ONE : value.shape().get(i - lead);
            if (!own.equals(ONE) && differ(own, target.get(i))) {
                throw new IllegalArgumentException("cannot expand " + value + " to " + target);
            }
        }
        return target;
    }

    /** The length of a part of an axis; what is known of it must lie within. */
    static Size slice(Value value, int axis, Size start, Size end) {
        Size all = value.size(axis);
        boolean outside = (start.isConstant() && start.constant() < 0)
                || (start.isConstant() && end.isConstant() && end.constant() < start.constant())
                || (end.isConstant() && all.isConstant() && end.constant() > all.constant());
        if (outside) {
            throw new IllegalArgumentException(
                    "elements " + start + " to " + end + " do not lie within axis " + axis + " of " + value);
        }
        return end.minus(start);
    }

    static void requireImage(Value value) {
        if (value.rank() < 3) {
            throw new IllegalArgumentException("height and width are needed after a batch or channels, found " + value);
        }
    }

    static void requireRank(Value value, int rank, String what) {
        if (value.rank() != rank) {
            throw new IllegalArgumentException(what + " takes " + rank + " axes, found " + value);
        }
    }

    /** The shape with another height and width, the last two axes. */
    static List<Size> withSides(Value value, Size height, Size width) {
        for (Size side : List.of(height, width)) {
            if (side.isConstant() && side.constant() < 1) {
                throw new IllegalArgumentException(
                        "height and width must be at least 1, found " + height + " and " + width + " for " + value);
            }
        }
        List<Size> result = new ArrayList<>(value.shape().subList(0, value.rank() - 2));
        result.addAll(List.of(height, width));
        return result;
    }

    static List<Size> linear(Value x, Value weight) {
        if (weight.rank() != 2 || x.rank() < 1 || differ(x.size(-1), weight.size(1))) {
            throw new IllegalArgumentException("a linear layer of " + weight + " does not fit " + x);
        }
        List<Size> result = new ArrayList<>(x.shape().subList(0, x.rank() - 1));
        result.add(weight.size(0));
        return result;
    }

    static List<Size> attention(Value query, Value key, Value value) {
        boolean fits = query.rank() == 4
                && key.rank() == 4
                && value.rank() == 4
                && !differ(query.size(3), key.size(3))
                && !differ(query.size(1), key.size(1))
                && !differ(key.size(1), value.size(1))
                && !differ(key.size(2), value.size(2));
        if (!fits) {
            throw new IllegalArgumentException(
                    "attention takes [batch, heads, length, width] each, found " + query + ", " + key + ", " + value);
        }
        return List.of(query.size(0), query.size(1), query.size(2), value.size(3));
    }

    static List<Size> concat(List<Value> parts, int axis) {
        List<Size> result = new ArrayList<>(parts.get(0).shape());
        for (Value part : parts.subList(1, parts.size())) {
            if (part.rank() != result.size()) {
                throw new IllegalArgumentException("cannot join along axis " + axis + ": " + parts);
            }
            for (int i = 0; i < result.size(); i++) {
                if (i == axis) {
                    result.set(i, result.get(i).plus(part.size(i)));
                } else if (differ(result.get(i), part.size(i))) {
                    throw new IllegalArgumentException("cannot join along axis " + axis + ": " + parts);
                } else if (part.size(i).isConstant()) {
                    result.set(i, part.size(i));
                }
            }
        }
        return result;
    }

    static List<Size> conv(Value x, List<Long> kernel, Op.Conv2d op, Size channels) {
        List<Size> result = new ArrayList<>(List.of(x.size(0), channels));
        for (int i = 0; i < 2; i++) {
            long reach = op.dilation().get(i) * (kernel.get(i) - 1) + 1;
            result.add(window(
                    x.size(2 + i), reach, op.stride().get(i), op.padding().get(i), false));
        }
        return result;
    }

    static List<Size> pool(Value x, Op.Pool2d op) {
        List<Size> result = new ArrayList<>(x.shape());
        for (int i = 0; i < 2; i++) {
            int axis = x.rank() - 2 + i;
            result.set(
                    axis,
                    window(
                            x.size(axis),
                            op.kernel().get(i),
                            op.stride().get(i),
                            op.padding().get(i),
                            op.ceil()));
        }
        return result;
    }

    private static Size window(Size size, long reach, long stride, long padding, boolean ceil) {
        Size room = size.plus(2 * padding - reach);
        if (room.isConstant() && room.constant() < 0) {
            throw new IllegalArgumentException(
                    "a window of " + reach + " does not fit a side of " + size + " with padding " + padding);
        }
        if (!ceil) {
            return room.floorDiv(stride).plus(1);
        }
        // A window that would begin in the border on the right is left out, as PyTorch does.
        Size started = size.plus(padding - 1).floorDiv(stride).plus(1);
        return room.plus(stride - 1).floorDiv(stride).plus(1).min(started);
    }

    private static boolean differ(Size a, Size b) {
        return a.isConstant() && b.isConstant() && !a.equals(b);
    }

    private static Size fromEnd(List<Size> shape, int distance) {
        int index = shape.size() - 1 - distance;
        return index < 0 ? ONE : shape.get(index);
    }
}
