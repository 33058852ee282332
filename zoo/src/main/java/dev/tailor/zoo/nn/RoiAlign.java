package dev.tailor.zoo.nn;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Op.Unary;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Squares of features from boxes of any size (He et al. 2017, arXiv 1703.06870), each from the map of a pyramid that fits its size
 * (Lin et al. 2016, arXiv 1612.03144), after torchvision's {@code MultiScaleRoIAlign} with {@code aligned=False}. Maps halve from
 * one to the next.
 *
 * @param side of a square
 * @param samples in each of its cells, along a side
 * @param firstStride pixels to a position of the first map
 */
public record RoiAlign(int side, int samples, long firstStride) {
    private static final double CANONICAL_SIDE = 224;
    private static final double CANONICAL_LEVEL = 4;
    private static final double EPSILON = 1e-6;

    /** One axis of all samples, {@code [boxes, samples]}: positions before and behind, and the part of the latter. */
    private record Axis(Value before, Value behind, Value part, Value inside) {}

    /**
     * Cuts out.
     *
     * @param maps of one picture, {@code [1, channels, height, width]}
     * @param boxes {@code [boxes, 4]}: left, top, right, bottom in the picture's pixels
     * @return {@code [boxes, channels, side, side]}
     */
    public Value apply(Scope scope, List<Value> maps, Value boxes) {
        Size count = boxes.size(0);
        Value level = level(boxes, maps.size());
        List<Value> rows = new ArrayList<>();
        for (Value map : maps) {
            rows.add(map.permute(0, 2, 3, 1)
                    .reshape(map.size(2).times(map.size(3)), map.size(1).constant()));
        }
        Value table = Anchors.concat(0, rows);
        Value start = chosen(scope, level, starts(maps));
        Value width = chosen(scope, level, maps.stream().map(m -> m.size(3)).toList());
        Value height = chosen(scope, level, maps.stream().map(m -> m.size(2)).toList());
        // 2 to the level times the first stride, as exact numbers.
        Value stride = level.mul(0).add((double) firstStride);
        for (int i = 1; i < maps.size(); i++) {
            stride = stride.add(
                    level.scalar(Function.EQUAL, i).cast(Kind.FLOAT).mul((double) firstStride * ((1 << i) - 1)));
        }
        Value scaled = boxes.div(stride);
        Axis x = axis(scope, scaled, 0, width);
        Axis y = axis(scope, scaled, 1, height);
        long n = (long) side * samples;
        Value sum = null;
        for (boolean below : new boolean[] {false, true}) {
            for (boolean right : new boolean[] {false, true}) {
                Value row = (below ? y.behind : y.before).unsqueeze(2);
                Value column = (right ? x.behind : x.before).unsqueeze(1);
                Value index =
                        start.unsqueeze(2).add(row.mul(width.unsqueeze(2))).add(column);
                Value down =
                        (below ? y.part : y.part.mul(-1).add(1)).mul(y.inside).unsqueeze(2);
                Value across =
                        (right ? x.part : x.part.mul(-1).add(1)).mul(x.inside).unsqueeze(1);
                Value corner = scope.embedding(index.cast(Kind.INTEGER), table);
                Value weighted = corner.mul(down.mul(across).unsqueeze(3));
                sum = sum == null ? weighted : sum.add(weighted);
            }
        }
        long channels = table.size(1).constant();
        if (sum == null) {
            throw new IllegalStateException("a sample has four neighbours");
        }
        return sum.reshape(count, side, samples, n / samples, samples, channels)
                .mean(false, 2, 4)
                .permute(0, 3, 1, 2);
    }

    /** The map for each box, from 0, as floats {@code [boxes, 1]}. */
    private Value level(Value boxes, int maps) {
        double first = Math.log((double) firstStride) / Math.log(2);
        Value sides = boxes.slice(1, 2, 4).sub(boxes.slice(1, 0, 2));
        Value side = sides.slice(1, 0, 1).mul(sides.slice(1, 1, 2)).apply(Unary.Function.SQRT);
        Value log = side.div(CANONICAL_SIDE).apply(Unary.Function.LOG).mul(1 / Math.log(2));
        return log.add(CANONICAL_LEVEL + EPSILON)
                .apply(Unary.Function.FLOOR)
                .add(-first)
                .scalar(Function.MAXIMUM, 0)
                .scalar(Function.MINIMUM, maps - 1.0);
    }

    private static List<Size> starts(List<Value> maps) {
        List<Size> starts = new ArrayList<>();
        Size next = Size.of(0);
        for (Value map : maps) {
            starts.add(next);
            next = next.plus(map.size(2).times(map.size(3)));
        }
        return starts;
    }

    /** The number of each box's map, as floats {@code [boxes, 1]}: exact up to 2^24 positions. */
    private static Value chosen(Scope scope, Value level, List<Size> sizes) {
        Value sum = level.mul(0);
        for (int i = 0; i < sizes.size(); i++) {
            Value here = level.scalar(Function.EQUAL, i).cast(Kind.FLOAT);
            sum = sum.add(here.mul(Anchors.number(scope, sizes.get(i)).cast(Kind.FLOAT)));
        }
        return sum;
    }

    private Axis axis(Scope scope, Value boxes, int from, Value length) {
        Value start = boxes.slice(1, from, from + 1);
        Value extent = boxes.slice(1, from + 2, from + 3).sub(start).scalar(Function.MAXIMUM, 1);
        List<Double> places = new ArrayList<>();
        for (int i = 0; i < side * samples; i++) {
            places.add(Math.floorDiv(i, samples) + (i % samples + 0.5) / samples);
        }
        Value at = extent.div((double) side)
                .mul(scope.numbers(places).reshape(1, places.size()))
                .add(start);
        Value outside = at.scalar(Function.LESS, -1).binary(Function.OR, at.binary(Function.GREATER, length));
        Value inside = outside.apply(Op.Unary.Function.NOT).cast(Kind.FLOAT);
        Value last = length.add(-1);
        Value bounded = at.scalar(Function.MAXIMUM, 0).binary(Function.MINIMUM, last);
        Value before = bounded.apply(Unary.Function.FLOOR);
        Value behind = before.add(1).binary(Function.MINIMUM, last);
        return new Axis(before, behind, bounded.sub(before), inside);
    }
}
