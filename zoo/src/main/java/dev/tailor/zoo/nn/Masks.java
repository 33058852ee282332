package dev.tailor.zoo.nn;

import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Value;
import org.jspecify.annotations.Nullable;

/** Attention masks. */
public final class Masks {
    private Masks() {}

    /** Keys that take part, {@code [batch, 1, 1, length]}, from an integer mask {@code [batch, length]}; null stays null. */
    public static @Nullable Value padding(@Nullable Value mask) {
        return mask == null
                ? null
                : mask.scalar(Function.NOT_EQUAL, 0).unsqueeze(1).unsqueeze(1);
    }
}
