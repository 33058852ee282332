package dev.tailor.zoo.nn;

import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import org.jspecify.annotations.Nullable;

/**
 * The sum of the embeddings of words, positions and segments, normalised, under BERT's names.
 *
 * @param words how many words there are
 * @param width of an embedding
 * @param positions how many positions there are; none for 0
 * @param segments how many kinds of segments there are; none for 0
 * @param epsilon of the normalisation
 * @param dropout while training
 */
public record TextEmbeddings(long words, long width, long positions, long segments, double epsilon, double dropout) {

    /** Positions count from 0. */
    public Value apply(Scope scope, Value ids, @Nullable Value types) {
        return normal(scope, sum(scope, ids, types));
    }

    /** Positions are given. */
    public Value apply(Scope scope, Value ids, @Nullable Value types, Value at) {
        Value sum = wordsAndSegments(scope, ids, types);
        return normal(scope, sum.add(scope.embedding("position_embeddings", at, positions, width)));
    }

    /** The bare sum; positions count from 0. */
    public Value sum(Scope scope, Value ids, @Nullable Value types) {
        Value sum = wordsAndSegments(scope, ids, types);
        return positions == 0
                ? sum
                : sum.add(scope.matrix("position_embeddings", positions, width).slice(0, Size.of(0), ids.size(1)));
    }

    private Value wordsAndSegments(Scope scope, Value ids, @Nullable Value types) {
        Value sum = scope.embedding("word_embeddings", ids, words, width);
        if (segments == 0) {
            return sum;
        }
        // Without segments every token has kind 0, so the first row is added to all of them.
        String name = "token_type_embeddings";
        Value kinds = types == null
                ? scope.matrix(name, segments, width).slice(0, 0, 1)
                : scope.embedding(name, types, segments, width);
        return sum.add(kinds);
    }

    private Value normal(Scope scope, Value sum) {
        return scope.dropout(scope.layerNorm("LayerNorm", sum, epsilon), dropout);
    }

    /**
     * Positions as fairseq counts them: words from {@code padding + 1} on, and {@code padding} for padding.
     *
     * @param ids {@code [batch, length]}
     */
    public static Value positionsPastPadding(Value ids, long padding) {
        Value word = ids.scalar(Function.NOT_EQUAL, (double) padding);
        return word.cumulativeSum(1).mul(word).add((double) padding);
    }
}
