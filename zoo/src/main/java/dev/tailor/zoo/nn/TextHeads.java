package dev.tailor.zoo.nn;

import dev.tailor.program.Init;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands on text encoders, by the names of the reference's outputs. */
public final class TextHeads {
    private TextHeads() {}

    /** The bare states, and with them what stands for the text, where it is known. */
    public static Map<String, Value> states(Value states, @Nullable Value pooled) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("last_hidden_state", states);
        if (pooled != null) {
            outputs.put("pooler_output", pooled);
        }
        return outputs;
    }

    /** The bare states, and the first one through {@link #pooler} where the checkpoint holds that layer. */
    public static Map<String, Value> statesAndPooler(Scope scope, String name, Value states) {
        // Checkpoints that were trained with a head for tokens come without.
        return states(states, scope.sub(name).has("weight") ? pooler(scope, name, states) : null);
    }

    /** Scores by one linear layer, {@code classifier}. */
    public static Map<String, Value> classifier(Scope scope, Value states, double dropout, long labels) {
        return logits(scope.linear("classifier", scope.dropout(states, dropout), labels));
    }

    /**
     * Scores by two linear layers, {@code dense} and {@code out_proj}.
     *
     * @param state what stands for the text, {@code [batch, width]}
     * @param activation between them
     */
    public static Map<String, Value> denseClassifier(
            Scope scope, Value state, Function activation, double dropout, long labels) {
        long width = state.size(-1).constant();
        Value dense = scope.linear("dense", scope.dropout(scope.features(state), dropout), width);
        return logits(scope.linear("out_proj", scope.dropout(dense.apply(activation), dropout), labels));
    }

    /** Scores for the start and the end of an answer by one linear layer of this name. */
    public static Map<String, Value> answers(Scope scope, String name, Value states) {
        Value scores = scope.linear(name, states, 2);
        Map<String, Value> outputs = new LinkedHashMap<>();
        outputs.put("start_logits", scores.select(-1, 0));
        outputs.put("end_logits", scores.select(-1, 1));
        return outputs;
    }

    /** One output of scores. */
    public static Map<String, Value> logits(Value scores) {
        return new LinkedHashMap<>(Map.of("logits", scores));
    }

    /** The first token's state through a linear layer of this name and tanh. */
    public static Value pooler(Scope scope, String name, Value states) {
        return scope.linear(name, states.select(1, 0), states.size(-1).constant())
                .tanh();
    }

    /**
     * Scores of all words; the matrix is the table of word embeddings where they are tied.
     *
     * @param decoder the linear layer's name
     * @param bias the name under which the bias is also known, or the linear layer's own; empty for none
     * @param table the table of word embeddings
     */
    public static Map<String, Value> words(
            Scope scope, String decoder, String bias, Value x, Value table, boolean tied) {
        long words = table.size(0).constant();
        Value matrix = table;
        if (tied) {
            scope.tied(decoder + ".weight");
        } else {
            matrix = scope.matrix(decoder, words, x.size(-1).constant());
        }
        // Writers keep one or both of two names of one vector; not tied, the layer's own counts.
        String own = decoder + ".bias";
        if (bias.isEmpty()) {
            return logits(scope.linear(x, matrix, null));
        }
        boolean takesOwn = scope.has(own) && (!tied || !scope.has(bias));
        scope.tied(own);
        scope.tied(bias);
        return logits(scope.linear(x, matrix, scope.weight(takesOwn ? own : bias, Init.zeros(), words)));
    }
}
