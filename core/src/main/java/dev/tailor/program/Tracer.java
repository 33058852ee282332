package dev.tailor.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Collects the nodes of one function; equal operations on equal operands become one node. */
final class Tracer {
    /** More than any network needs; a config that asks for more layers is damaged. */
    private static final int MOST_NODES = 1_000_000;

    private record Signature(Op op, List<Integer> inputs) {}

    private final @Nullable WeightTable weights;
    private final Set<String> withheld;
    private final @Nullable Lora lora;
    private final Set<String> optional = new TreeSet<>();
    private final Map<Signature, Value> known = new HashMap<>();
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final Map<String, Long> limits = new LinkedHashMap<>();
    private final List<Value> hiddenStates = new ArrayList<>();
    private @Nullable Value features;
    private int count;

    /** Traces without the optional inputs named in {@code withheld}. */
    Tracer(@Nullable WeightTable weights, Set<String> withheld, @Nullable Lora lora) {
        this.weights = weights;
        this.withheld = withheld;
        this.lora = lora;
    }

    /** For copies of functions whose weights were found before. */
    static Tracer withoutWeights() {
        return new Tracer(null, Set.of(), null);
    }

    WeightTable weights() {
        if (weights == null) {
            throw new IllegalStateException("a rewritten function cannot declare weights");
        }
        return weights;
    }

    /** The adapter, where it changes a module. */
    @Nullable
    Lora lora(String module) {
        return lora != null && lora.adapter().changes(module) ? lora : null;
    }

    List<Value> inputs() {
        return new ArrayList<>(inputs.values());
    }

    Set<String> optionalInputs() {
        return optional;
    }

    Map<String, Long> limits() {
        return limits;
    }

    @Nullable
    Value features() {
        return features;
    }

    void features(Value value) {
        features = value;
    }

    List<Value> hiddenStates() {
        return hiddenStates;
    }

    void hiddenState(Value value) {
        hiddenStates.add(value);
    }

    Value node(Op op, List<Value> operands, Kind kind, List<Size> shape) {
        if (op instanceof Op.Dropout || op instanceof Op.Attention) {
            // Two dropouts of one value are two draws.
            return fresh(op, operands, kind, shape);
        }
        Signature signature = new Signature(op, operands.stream().map(Value::id).toList());
        return known.computeIfAbsent(signature, s -> fresh(op, operands, kind, shape));
    }

    private Value fresh(Op op, List<Value> operands, Kind kind, List<Size> shape) {
        for (Value operand : operands) {
            if (!operand.belongsTo(this)) {
                throw new IllegalArgumentException(operand + " belongs to another trace");
            }
        }
        if (count == MOST_NODES) {
            throw new IllegalArgumentException("the network has more than " + MOST_NODES + " operations");
        }
        return new Value(this, count++, op, operands, kind, shape);
    }

    Value input(String name, Kind kind, List<Size> shape) {
        Value value = node(new Op.Input(name), List.of(), kind, shape);
        if (value.kind() != kind || !value.shape().equals(shape)) {
            throw new IllegalArgumentException(
                    "the input " + name + " is " + value + " and cannot also be " + kind + " " + shape);
        }
        inputs.put(name, value);
        return value;
    }

    @Nullable
    Value optionalInput(String name, Kind kind, List<Size> shape) {
        optional.add(name);
        return withheld.contains(name) ? null : input(name, kind, shape);
    }
}
