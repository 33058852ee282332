package dev.tailor.zoo.nn;

import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Boxes around each position of a map, and what a detector predicts of them: the positions row by row, and at each one its boxes.
 *
 * @param centres {@code [boxes, 2]}, x and y
 * @param sides {@code [boxes, 2]}, width and height
 */
public record Anchors(Value centres, Value sides) {

    /** The columns and rows of a map's positions, row by row, {@code [positions, 1, 2]}. */
    public static Value positions(Scope scope, Value map) {
        Size rows = map.size(2);
        Size columns = map.size(3);
        Value x = scope.arange(columns).unsqueeze(0).expand(rows, columns).reshape(rows.times(columns), 1, 1);
        Value y = scope.arange(rows).unsqueeze(1).expand(rows, columns).reshape(rows.times(columns), 1, 1);
        return x.concat(2, y).cast(Kind.FLOAT);
    }

    /** A size as a value without axes. */
    public static Value number(Scope scope, Size size) {
        return scope.arange(size.plus(1)).slice(0, size, size.plus(1)).reshape(List.of());
    }

    /** Width and height of a map or a picture, {@code [2]}. */
    public static Value sides(Scope scope, Value map) {
        return number(scope, map.size(3))
                .reshape(1)
                .concat(0, number(scope, map.size(2)).reshape(1))
                .cast(Kind.FLOAT);
    }

    /** Boxes of several maps, one after another. */
    public static Anchors join(List<Anchors> parts) {
        return new Anchors(
                concat(0, parts.stream().map(Anchors::centres).toList()),
                concat(0, parts.stream().map(Anchors::sides).toList()));
    }

    /** Values one after another. */
    public static Value concat(int axis, List<Value> parts) {
        return parts.get(0).concat(axis, parts.subList(1, parts.size()).toArray(Value[]::new));
    }

    /**
     * Predictions of all boxes from a map of {@code boxes x width} channels, {@code [batch, boxes, width]}.
     *
     * @param width numbers for each box
     */
    public static Value flatten(Value map, long width) {
        long each = map.size(1).constant() / width;
        return map.permute(0, 2, 3, 1)
                .reshape(map.size(0), map.size(2).times(map.size(3)).times(each), width);
    }

    /** A 3 x 3 or other convolution with a bias. */
    public static Value conv(Scope scope, String name, Value x, long out, Window window) {
        Init init = Init.fanIn(x.size(1).constant() * window.height() * window.width() / window.groups());
        return ConvNorm.TORCH.convolution(scope.initializer(init), name, x, out, window, true);
    }

    /**
     * Boxes from what was predicted of them: the centre moves by parts of the sides, the sides grow by exponentials.
     *
     * @param deltas {@code [..., boxes, 4]}: x, y, width, height
     * @param centreWeight what the first two are divided by
     * @param sideWeight what the last two are divided by
     * @param most the most that a logarithm of a side may grow
     * @return {@code [..., boxes, 4]}: left, top, right, bottom
     */
    public Value decode(Value deltas, double centreWeight, double sideWeight, double most) {
        Value centre = deltas.slice(-1, 0, 2).div(centreWeight).mul(sides).add(centres);
        Value growth = deltas.slice(-1, 2, 4).div(sideWeight);
        Value bounded = Double.isInfinite(most) ? growth : growth.scalar(Function.MINIMUM, most);
        Value half = bounded.apply(Op.Unary.Function.EXP).mul(sides).mul(0.5);
        return centre.sub(half).concat(centre.rank() - 1, centre.add(half));
    }

    /** Numbers of boxes at one position, {@code [1, boxes, width]}. */
    public static Value table(Scope scope, List<double[]> rows) {
        List<Double> numbers = new ArrayList<>();
        for (double[] row : rows) {
            for (double number : row) {
                numbers.add(number);
            }
        }
        return scope.numbers(numbers).reshape(1, rows.size(), rows.get(0).length);
    }
}
