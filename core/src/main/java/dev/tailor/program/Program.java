package dev.tailor.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A network as data: functions over shared weights. Immutable and engine-neutral.
 *
 * @param weights the weights that any function uses, by canonical key, in the order of their first use
 * @param functions the functions; each has its own inputs
 */
public record Program(Map<String, WeightSpec> weights, List<Function> functions) {

    /** Copies both. */
    public Program {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        functions = List.copyOf(functions);
    }

    /**
     * One way to call the network.
     *
     * @param name unique within the program
     * @param inputs the argument values, each of {@link Op.Input}
     * @param outputs the results by the reference library's names
     * @param limits the largest length of an axis, for axes that have one
     */
    public record Function(String name, List<Value> inputs, Map<String, Value> outputs, Map<String, Long> limits) {

        /** Copies both collections, order kept. */
        public Function {
            inputs = List.copyOf(inputs);
            outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
            limits = Map.copyOf(limits);
        }

        /** The names of the arguments, in order. */
        public List<String> inputNames() {
            return inputs.stream().map(v -> ((Op.Input) v.op()).name()).toList();
        }

        /** Whether these are the names of all arguments. */
        private boolean takes(Set<String> names) {
            if (names.size() != inputs.size()) {
                return false;
            }
            for (Value input : inputs) {
                if (!names.contains(((Op.Input) input.op()).name())) {
                    return false;
                }
            }
            return true;
        }

        /**
         * An output by its name.
         *
         * @throws IllegalArgumentException if the function has no such output
         */
        public Value output(String name) {
            Value value = outputs.get(name);
            if (value == null) {
                throw new IllegalArgumentException(this.name + " has no output " + name + ", only " + outputs.keySet());
            }
            return value;
        }

        /** Every value that the outputs need, operands before their users. */
        public List<Value> nodes() {
            Map<Integer, Value> reached = new TreeMap<>();
            List<Value> open = new ArrayList<>(outputs.values());
            while (!open.isEmpty()) {
                Value value = open.remove(open.size() - 1);
                if (reached.put(value.id(), value) == null) {
                    open.addAll(value.inputs());
                }
            }
            return List.copyOf(reached.values());
        }

        /** The keys of the weights that the outputs need. */
        public List<String> weightKeys() {
            return nodes().stream()
                    .filter(v -> v.op() instanceof Op.Weight)
                    .map(v -> ((Op.Weight) v.op()).key())
                    .toList();
        }
    }

    /**
     * What is known of a weight.
     *
     * @throws IllegalArgumentException if no function uses a weight of that key
     */
    public WeightSpec weight(String key) {
        WeightSpec spec = weights.get(key);
        if (spec == null) {
            throw new IllegalArgumentException("the program has no weight " + key);
        }
        return spec;
    }

    /** The function that takes exactly these inputs. */
    public Optional<Function> functionFor(Set<String> inputs) {
        // At every call, so nothing is built: names within a function differ.
        for (Function function : functions) {
            if (function.takes(inputs)) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    /** The function with the most inputs. */
    public Function main() {
        return functions.get(0);
    }
}
