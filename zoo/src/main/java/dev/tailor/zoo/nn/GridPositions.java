package dev.tailor.zoo.nn;

import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.List;

/** Attention biases that depend on how far two positions of a grid are apart, row by row and column by column. */
public final class GridPositions {
    private GridPositions() {}

    /**
     * The row of a table for each pair of positions, {@code (dy + height - 1) * (2 * width - 1) + dx + width - 1}.
     *
     * @return integers {@code [height * width, height * width]}
     */
    public static Value index(Scope scope, Size height, Size width) {
        Value rows = scope.arange(height).unsqueeze(1).expand(height, width).reshape(height.times(width));
        Value columns = scope.arange(width).unsqueeze(0).expand(height, width).reshape(height.times(width));
        Value down = differences(rows).add(number(scope, height.minus(1)));
        Value right = differences(columns).add(number(scope, width.minus(1)));
        return down.mul(number(scope, width.times(2).minus(1))).add(right);
    }

    /** Biases {@code [1, heads, positions, positions]} from a table {@code [distances, heads]} and an {@link #index}. */
    public static Value bias(Scope scope, Value table, Value index) {
        return scope.embedding(index, table).permute(2, 0, 1).unsqueeze(0);
    }

    private static Value differences(Value x) {
        return x.unsqueeze(1).binary(Function.SUBTRACT, x.unsqueeze(0));
    }

    private static Value number(Scope scope, Size size) {
        return scope.arange(size.plus(1)).slice(0, size, size.plus(1)).reshape(List.of());
    }
}
