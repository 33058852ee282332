package dev.tailor.zoo.nn;

import dev.tailor.program.Kind;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import org.jspecify.annotations.Nullable;

/** Sines and cosines of where a position lies between the edges of a picture (Carion et al. 2020, arXiv 2005.12872). */
public final class SinePositions {
    private static final double TEMPERATURE = 10_000;
    private static final double EPSILON = 1e-6;

    private SinePositions() {}

    /**
     * Vectors for the positions of a map, row by row: half of each tells the row, half the column.
     *
     * @param mask {@code [batch, height, width]}, what belongs to the picture and is not padding; null for everything
     * @param width of the vectors, a multiple of 4
     * @return {@code [batch, positions, width]}, for a batch of one without a mask
     */
    public static Value of(Scope scope, @Nullable Value mask, Size rows, Size columns, long width) {
        if (width % 4 != 0) {
            throw new IllegalArgumentException("sine positions need a width that is a multiple of 4, found " + width);
        }
        Value down;
        Value right;
        if (mask == null) {
            down = counted(scope, rows).reshape(1, rows, 1).expand(1, rows, columns);
            right = counted(scope, columns).reshape(1, 1, columns).expand(1, rows, columns);
        } else {
            down = mask.cumulativeSum(1).cast(Kind.FLOAT);
            right = mask.cumulativeSum(2).cast(Kind.FLOAT);
        }
        down = down.div(down.slice(1, rows.minus(1), rows).add(EPSILON));
        right = right.div(right.slice(2, columns.minus(1), columns).add(EPSILON));
        return waves(scope, down, width / 2)
                .concat(3, waves(scope, right, width / 2))
                .reshape(down.size(0), rows.times(columns), width);
    }

    private static Value counted(Scope scope, Size count) {
        return scope.arange(count).cast(Kind.FLOAT).add(1);
    }

    /** Sines and cosines by turns, each pair slower than the one before. */
    private static Value waves(Scope scope, Value part, long width) {
        double slower = 2.0 / width * Math.log(TEMPERATURE);
        Value periods =
                scope.arange(Size.of(width / 2)).cast(Kind.FLOAT).mul(slower).apply(Function.EXP);
        Value angles = part.mul(2 * Math.PI).unsqueeze(3).div(periods);
        return angles.apply(Function.SIN)
                .unsqueeze(4)
                .concat(4, angles.apply(Function.COS).unsqueeze(4))
                .reshape(part.size(0), part.size(1), part.size(2), width);
    }
}
