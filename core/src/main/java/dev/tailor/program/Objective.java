package dev.tailor.program;

import java.util.Map;

/** What training minimises: traced behind a network, with targets as further inputs. */
@FunctionalInterface
public interface Objective {
    /** The name under which the loss is an output. */
    String LOSS = "loss";

    /**
     * The loss, one number without axes.
     *
     * @param scope declares the targets as inputs; knows no weights
     * @param outputs the network's outputs by name
     */
    Value loss(Scope scope, Map<String, Value> outputs);

    /** An output by its name. */
    static Value output(Map<String, Value> outputs, String name) {
        Value value = outputs.get(name);
        if (value == null) {
            throw new IllegalArgumentException("training needs the output \"" + name + "\", found " + outputs.keySet());
        }
        return value;
    }
}
