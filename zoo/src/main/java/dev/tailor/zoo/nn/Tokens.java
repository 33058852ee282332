package dev.tailor.zoo.nn;

import dev.tailor.program.Init;
import dev.tailor.program.Op;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.List;

/** Pictures as sequences: {@code [batch, channels, height, width]} and {@code [batch, height * width, channels]}. */
public final class Tokens {
    private Tokens() {}

    /** A map's positions, row by row. */
    public static Value of(Value map) {
        return map.flatten(2).transpose(1, 2);
    }

    /** The inverse of {@link #of}. */
    public static Value map(Value tokens, Size height, Size width) {
        return tokens.transpose(1, 2).reshape(tokens.size(0), tokens.size(2), height, width);
    }

    /** Patches that do not overlap, each projected to a vector; what does not fill a patch is left out. */
    public static Value patches(Scope scope, String name, Value pixels, long width, Sides patch) {
        List<Long> sides = List.of(patch.height(), patch.width());
        Op.Conv2d form = new Op.Conv2d(sides, List.of(0L, 0L), List.of(1L, 1L), 1);
        return scope.conv2d(name, pixels, width, sides, form, true);
    }

    /** A learned vector that stands for no patch, once for each sample: {@code [batch, count, width]}. */
    public static Value special(Scope scope, String name, Init init, long count, long width, Size batch) {
        return scope.weight(name, init, 1, count, width).expand(batch, count, width);
    }

    /**
     * A table of position vectors for a grid of another size, by bicubic interpolation.
     *
     * @param table {@code [rows, old area, width]}
     * @return {@code [rows, height * width, width]}
     */
    public static Value positions(Value table, Sides old, Size height, Size width) {
        if (height.equals(Size.of(old.height())) && width.equals(Size.of(old.width()))) {
            return table;
        }
        Value map = map(table, Size.of(old.height()), Size.of(old.width()));
        return of(map.resize2d(new Op.Resize2d(Op.Resize2d.Mode.BICUBIC, height, width, false)));
    }
}
