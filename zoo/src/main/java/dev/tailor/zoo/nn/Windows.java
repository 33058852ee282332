package dev.tailor.zoo.nn;

import dev.tailor.program.Kind;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.List;

/**
 * Square windows over {@code [batch, height, width, channels]} within which positions attend to each other, every second time
 * shifted across the borders (Liu et al. 2021, arXiv 2103.14030).
 *
 * @param window the length of a side
 * @param height a multiple of the window
 * @param width a multiple of the window
 * @param down by how much rows wrap around; may turn out to be 0 when the size of the picture is known
 * @param right by how much columns wrap around, likewise
 */
public record Windows(long window, Size height, Size width, Size down, Size right) {
    private static final double APART = -100;
    private static final Size NONE = Size.of(0);

    /**
     * Windows over a map that is padded to whole windows; a map of one window's side or less is not shifted, in either direction, as
     * in transformers.
     */
    public static Windows over(Value x, long window, long shift) {
        Size both = shift(x.size(1).min(x.size(2)), window, shift);
        return new Windows(window, whole(x.size(1), window), whole(x.size(2), window), both, both);
    }

    /** The same, but each direction for itself, as in torchvision. */
    public static Windows eachWay(Value x, long window, long shift) {
        return new Windows(
                window,
                whole(x.size(1), window),
                whole(x.size(2), window),
                shift(x.size(1), window, shift),
                shift(x.size(2), window, shift));
    }

    /** The shift where a side exceeds the window, else 0. */
    private static Size shift(Size side, long window, long shift) {
        return shift == 0 ? NONE : side.minus(window).max(0).min(Size.of(1)).times(shift);
    }

    private static Size whole(Size side, long window) {
        return side.plus(window - 1).floorDiv(window).times(window);
    }

    /** The map, padded below and on the right and shifted, as {@code [batch * windows, window * window, channels]}. */
    public Value split(Value x) {
        List<Size> before = List.of(NONE, NONE, NONE, NONE);
        List<Size> after = List.of(NONE, height.minus(x.size(1)), width.minus(x.size(2)), NONE);
        return cut(roll(x.pad(before, after, 0), down, right));
    }

    private Value cut(Value x) {
        Size channels = x.size(3);
        Size rows = height.floorDiv(window);
        Size columns = width.floorDiv(window);
        return x.reshape(x.size(0), rows, window, columns, window, channels)
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(x.size(0).times(rows).times(columns), window * window, channels);
    }

    /** The inverse of {@link #split}, without what was padded. */
    public Value join(Value windows, Value like) {
        Size channels = windows.size(2);
        Value map = windows.reshape(
                        like.size(0), height.floorDiv(window), width.floorDiv(window), window, window, channels)
                .permute(0, 1, 3, 2, 4, 5)
                .reshape(like.size(0), height, width, channels);
        return roll(map, height.minus(down), width.minus(right))
                .slice(1, NONE, like.size(1))
                .slice(2, NONE, like.size(2))
                .reshape(like.size(0), like.size(1), like.size(2), channels);
    }

    /** Whether the windows are shifted for some pictures. */
    public boolean shifted() {
        return !down.equals(NONE) || !right.equals(NONE);
    }

    /**
     * Keeps apart what only the shift brought into one window.
     *
     * @return {@code [batch * windows, 1, window * window, window * window]}, to be added to the scores
     */
    public Value mask(Scope scope, Size batch) {
        Value rows = regions(scope, height, down).mul(3).unsqueeze(1);
        Value region = cut(rows.add(regions(scope, width, right).unsqueeze(0)).reshape(1, height, width, 1));
        Size count = height.floorDiv(window).times(width.floorDiv(window));
        long area = window * window;
        Value flat = region.reshape(count, area);
        Value apart = flat.unsqueeze(1).binary(Function.NOT_EQUAL, flat.unsqueeze(2));
        return apart.cast(Kind.FLOAT)
                .mul(APART)
                .reshape(1, count, 1, area, area)
                .expand(batch, count, 1, area, area)
                .reshape(batch.times(count), 1, area, area);
    }

    private Value regions(Scope scope, Size side, Size shift) {
        return scope.full(0, side.minus(window))
                .concat(0, scope.full(1, Size.of(window).minus(shift)), scope.full(2, shift))
                .reshape(side);
    }

    /** Moves the first rows and columns to the end. */
    private Value roll(Value x, Size rows, Size columns) {
        if (!shifted()) {
            return x;
        }
        Value moved = x.slice(1, rows, height).concat(1, x.slice(1, NONE, rows));
        return moved.slice(2, columns, width)
                .concat(2, moved.slice(2, NONE, columns))
                .reshape(x.size(0), height, width, x.size(3));
    }

    /** Joins the channels of two by two positions, column by column; a map with an odd side gets a border of zeros. */
    public static Value merged(Value x) {
        long channels = x.size(3).constant();
        Size height = x.size(1).plus(1).floorDiv(2);
        Size width = x.size(2).plus(1).floorDiv(2);
        List<Size> before = List.of(NONE, NONE, NONE, NONE);
        List<Size> after =
                List.of(NONE, height.times(2).minus(x.size(1)), width.times(2).minus(x.size(2)), NONE);
        return x.pad(before, after, 0)
                .reshape(x.size(0), height, 2, width, 2, channels)
                .permute(0, 1, 3, 4, 2, 5)
                .reshape(x.size(0), height, width, 4 * channels);
    }
}
