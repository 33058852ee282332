package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import org.jspecify.annotations.Nullable;

/** Attention with several heads (Vaswani et al. 2017, arXiv 1706.03762). */
public final class MultiHead {
    private MultiHead() {}

    /** What a checkpoint calls the three projections. */
    public record Names(String query, String key, String value) {
        /** {@code query}, {@code key} and {@code value}. */
        public static final Names PLAIN = new Names("query", "key", "value");
    }

    /**
     * Self-attention whose projections are the scope's {@code query}, {@code key} and {@code value}, without the output
     * projection.
     *
     * @param x {@code [batch, length, width]}
     * @param mask broadcasts to {@code [batch, heads, length, length]}, true takes part; null for all
     */
    public static Value selfAttention(
            Scope scope, Value x, long heads, boolean bias, @Nullable Value mask, double dropout) {
        return attention(scope, Names.PLAIN, x, x, heads, bias, mask, dropout);
    }

    /** As {@link #selfAttention(Scope, Value, long, boolean, Value, double)}, with a bias of its own choice for the keys. */
    public static Value selfAttention(
            Scope scope, Value x, long heads, boolean bias, boolean keyBias, @Nullable Value mask, double dropout) {
        return attention(scope, Names.PLAIN, x, x, heads, bias, keyBias, mask, dropout);
    }

    /**
     * Attention without the output projection.
     *
     * @param x what asks, {@code [batch, queries, width]}
     * @param memory what is asked, {@code [batch, keys, width]}
     * @param mask as {@link Scope#attention} takes it; null for all
     */
    public static Value attention(
            Scope scope,
            Names names,
            Value x,
            Value memory,
            long heads,
            boolean bias,
            @Nullable Value mask,
            double dropout) {
        return attention(scope, names, x, memory, heads, bias, bias, mask, dropout);
    }

    private static Value attention(
            Scope scope,
            Names names,
            Value x,
            Value memory,
            long heads,
            boolean bias,
            boolean keyBias,
            @Nullable Value mask,
            double dropout) {
        long width = x.size(-1).constant();
        Value query = split(scope.linear(names.query(), x, width, bias), heads);
        Value key = split(scope.linear(names.key(), memory, width, keyBias), heads);
        Value value = split(scope.linear(names.value(), memory, width, bias), heads);
        return join(scope.attention(query, key, value, mask, dropout));
    }

    /** {@code [batch, length, heads * width]} to {@code [batch, heads, length, width]}. */
    public static Value split(Value x, long heads) {
        long width = x.size(2).constant();
        if (width % heads != 0) {
            throw new IllegalArgumentException("a width of " + width + " does not divide into " + heads + " heads");
        }
        return x.reshape(x.size(0), x.size(1), heads, width / heads).permute(0, 2, 1, 3);
    }

    /** The inverse of {@link #split}. */
    public static Value join(Value x) {
        return x.permute(0, 2, 1, 3).reshape(x.size(0), x.size(2), x.size(1).times(x.size(3)));
    }
}
