package dev.tailor.transfer;

import dev.tailor.program.Program;
import dev.tailor.program.WeightSpec;
import java.util.Collection;
import java.util.Map;

/**
 * What the record of a training says of its recipe.
 *
 * @param recipe for people
 * @param trained how many parameters change
 * @param parameters how many there are
 */
record Told(Map<String, String> recipe, long trained, long parameters) {

    static Told of(Map<String, String> recipe, Collection<String> trainable, Program program) {
        long trained = trainable.stream()
                .mapToLong(key -> program.weight(key).elements())
                .sum();
        long parameters = program.weights().values().stream()
                .filter(w -> w.role() == WeightSpec.Role.PARAMETER)
                .mapToLong(WeightSpec::elements)
                .sum();
        return new Told(recipe, trained, parameters);
    }
}
