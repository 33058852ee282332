package dev.tailor.zoo.nn;

import dev.tailor.program.Kind;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import org.jspecify.annotations.Nullable;

/** Attention masks. */
public final class Masks {
    private Masks() {}

    /** Below every score, and within the range of brain floats as of 32-bit floats. */
    private static final double LEAST = -1e38;

    /** Keys that take part, {@code [batch, 1, 1, length]}, from an integer mask {@code [batch, length]}; null stays null. */
    public static @Nullable Value padding(@Nullable Value mask) {
        return mask == null
                ? null
                : mask.scalar(Function.NOT_EQUAL, 0).unsqueeze(1).unsqueeze(1);
    }

    /**
     * Scores to add, and the least where a mask is false.
     *
     * @param mask true takes part; null for all
     */
    public static Value bias(Scope scope, Value scores, @Nullable Value mask) {
        return mask == null ? scores : scores.where(mask, scope.number(LEAST));
    }

    /** Where both hold; null holds everywhere. */
    public static Value both(Value mask, @Nullable Value other) {
        return other == null ? mask : mask.binary(Function.AND, other);
    }

    /**
     * The mean of the states of all tokens that take part.
     *
     * @param states {@code [batch, length, width]}
     * @param tokens the integer mask {@code [batch, length]}; null for all
     */
    public static Value mean(Value states, @Nullable Value tokens) {
        if (tokens == null) {
            return states.mean(false, 1);
        }
        Value shares = tokens.cast(Kind.FLOAT);
        return states.mul(shares.unsqueeze(-1)).sum(false, 1).div(shares.sum(true, 1));
    }
}
