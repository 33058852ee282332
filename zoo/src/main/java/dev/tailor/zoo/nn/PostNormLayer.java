package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import org.jspecify.annotations.Nullable;

/**
 * A layer of an encoder that normalises behind each sum (Vaswani et al. 2017, arXiv 1706.03762): attention, then two linear
 * layers.
 *
 * @param names what the checkpoint calls the parts
 * @param heads how many heads attend
 * @param inner the width between the two linear layers
 * @param activation what follows the first of them
 * @param epsilon of the normalisations
 * @param dropouts where elements are dropped while training
 */
public record PostNormLayer(Names names, long heads, long inner, String activation, double epsilon, Dropouts dropouts) {

    /** Paths below the layer's scope; {@code attention} is the scope of the three projections. */
    public record Names(
            String attention,
            MultiHead.Names projections,
            String attended,
            String attendedNorm,
            String first,
            String second,
            String norm) {
        /** As BERT and most of its kin have it. */
        public static final Names BERT = new Names(
                "attention.self",
                MultiHead.Names.PLAIN,
                "attention.output.dense",
                "attention.output.LayerNorm",
                "intermediate.dense",
                "output.dense",
                "output.LayerNorm");
    }

    /** Probabilities for the attention's weights, its projected result, the activation and the second linear layer. */
    public record Dropouts(double weights, double attended, double activation, double output) {
        /** With none behind the activation. */
        public static Dropouts of(double weights, double hidden) {
            return new Dropouts(weights, hidden, 0, hidden);
        }
    }

    /**
     * The whole layer.
     *
     * @param x {@code [batch, length, width]}
     * @param mask as {@link Scope#attention} takes it; null for all
     */
    public Value apply(Scope scope, Value x, @Nullable Value mask) {
        return feedForward(scope, attend(scope, x, x, mask));
    }

    /** Attention of {@code x} to {@code memory} and the sum with {@code x}. */
    public Value attend(Scope scope, Value x, Value memory, @Nullable Value mask) {
        Scope at = scope.sub(names.attention());
        Value found = MultiHead.attention(at, names.projections(), x, memory, heads, true, mask, dropouts.weights());
        return attended(scope, found, x);
    }

    /** What the heads found, projected, and the sum with {@code x}. */
    public Value attended(Scope scope, Value found, Value x) {
        Value projected = scope.linear(names.attended(), found, width(x));
        return sum(scope, names.attendedNorm(), projected, x, dropouts.attended());
    }

    /** The two linear layers and their sum with {@code x}. */
    public Value feedForward(Scope scope, Value x) {
        Value active = Activation.apply(activation, scope.linear(names.first(), x, inner));
        Value second = scope.linear(names.second(), scope.dropout(active, dropouts.activation()), width(x));
        return sum(scope, names.norm(), second, x, dropouts.output());
    }

    private Value sum(Scope scope, String norm, Value x, Value residual, double dropout) {
        return scope.layerNorm(norm, scope.dropout(x, dropout).add(residual), epsilon);
    }

    private static long width(Value x) {
        return x.size(-1).constant();
    }
}
