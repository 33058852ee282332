package dev.tailor.zoo.nn;

import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;

/** How far keys lie from queries, as integers: the same in every precision that a network may compute in. */
public final class RelativePositions {
    private RelativePositions() {}

    /**
     * The query's position less the key's, {@code [queries, keys]}, bounded to {@code -most .. most} and moved up by {@code
     * most}: an index into a table of {@code 2 * most + 1} distances.
     */
    public static Value index(Scope scope, Size queries, Size keys, long most) {
        return difference(scope, queries, keys)
                .add((double) most)
                .scalar(Function.MAXIMUM, 0)
                .scalar(Function.MINIMUM, 2.0 * most);
    }

    /** Whether a key does not follow the query, {@code [length, length]}: what a decoder may see. */
    public static Value causal(Scope scope, Size length) {
        return difference(scope, length, length).scalar(Function.GREATER, -1);
    }

    /** Whether query and key are at most this far apart, {@code [length, length]}. */
    public static Value within(Scope scope, Size length, long most) {
        return difference(scope, length, length).apply(Op.Unary.Function.ABS).scalar(Function.LESS, most + 1.0);
    }

    /** The query's position less the key's. */
    private static Value difference(Scope scope, Size queries, Size keys) {
        return scope.arange(queries).unsqueeze(1).sub(scope.arange(keys));
    }

    /**
     * T5's bucket of a distance in both directions: near ones have one each, far ones share them by logarithms (Raffel et al.
     * 2019, arXiv 1910.10683).
     *
     * @param distance the query's position less the key's
     * @param buckets how many there are
     * @param most from where on all share the last one
     */
    public static long bucket(long distance, int buckets, int most) {
        int half = buckets / 2;
        int exact = half / 2;
        long far = Math.abs(distance);
        long bucket = far;
        if (far >= exact) {
            // In 32 bits, as the reference computes it, for its rounding decides.
            float share = (float) Math.log((float) far / exact) / (float) Math.log((double) most / exact);
            bucket = Math.min(half - 1, exact + (long) (share * (half - exact)));
        }
        return distance < 0 ? half + bucket : bucket;
    }

    /**
     * DeBERTa's bucket of a distance, of the distance's sign: near ones have one each, far ones share them by logarithms (He
     * et al. 2020, arXiv 2006.03654).
     *
     * @param distance the query's position less the key's
     * @param buckets how many there are in each direction, at least 2
     * @param most the distance that reaches the last one
     */
    public static long signedBucket(long distance, long buckets, long most) {
        long half = buckets / 2;
        long far = Math.abs(distance);
        if (far <= half) {
            return distance;
        }
        // In 32 bits, as the reference computes it, for its rounding decides.
        float share = (float) Math.log((float) far / half) / (float) Math.log((float) ((most - 1.0) / half));
        long shared = (long) Math.min(Math.ceil(share * (half - 1)), Integer.MAX_VALUE);
        return Long.signum(distance) * (shared + half);
    }
}
