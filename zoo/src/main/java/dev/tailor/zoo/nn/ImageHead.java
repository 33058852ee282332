package dev.tailor.zoo.nn;

import dev.tailor.program.Head;
import dev.tailor.program.Init;
import dev.tailor.program.Kind;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ends of a network for pictures: its input, and its outputs for a head. */
public final class ImageHead {
    private ImageHead() {}

    /** Pictures of any size, {@code [batch, channels, height, width]}. */
    public static Value pixels(Scope scope, long channels) {
        return scope.input("pixel_values", Kind.FLOAT, "batch", channels, "height", "width");
    }

    /** Pictures of one size. */
    public static Value pixels(Scope scope, long channels, long height, long width) {
        return scope.input("pixel_values", Kind.FLOAT, "batch", channels, height, width);
    }

    /** The mean over height and width, {@code [batch, channels]}. */
    public static Value pooled(Value states) {
        return states.mean(false, 2, 3);
    }

    /**
     * The outputs: {@code logits} of a linear layer over the features, or without a head {@code last_hidden_state} and {@code
     * pooler_output}.
     *
     * @param states what the features were made of
     * @param features {@code [batch, width]}, which this marks as such
     * @param classifier the linear layer's name
     * @param dropout probability by which features are zeroed while training
     */
    public static Map<String, Value> outputs(
            Scope scope, Head head, Value states, Value features, String classifier, long labels, double dropout) {
        Map<String, Value> outputs = new LinkedHashMap<>();
        Value marked = scope.features(features);
        if (head == Head.BASE) {
            outputs.put("last_hidden_state", states);
            outputs.put("pooler_output", marked);
        } else {
            Init init = Init.fanIn(marked.size(1).constant());
            outputs.put("logits", scope.initializer(init).linear(classifier, scope.dropout(marked, dropout), labels));
        }
        return outputs;
    }

    /**
     * The outputs of a convolutional network as transformers names them: as the other method over the mean of the states, but
     * {@code pooler_output} keeps the axes of height and width.
     *
     * @param states {@code [batch, channels, height, width]}
     */
    public static Map<String, Value> outputs(Scope scope, Head head, Value states, String classifier, long labels) {
        Value pooled = states.mean(true, 2, 3);
        Map<String, Value> outputs = outputs(scope, head, states, pooled.flatten(1), classifier, labels, 0);
        if (head == Head.BASE) {
            outputs.put("pooler_output", pooled);
        }
        return outputs;
    }
}
