package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Collects the nodes and the constants of a graph; equal constants are written once. */
final class Graph {
    private static final String CONSTANT = "/constant_";

    private final List<Message> nodes = new ArrayList<>();
    private final List<Message> constants = new ArrayList<>();
    private final Map<String, String> known = new HashMap<>();

    /** Adds a node with one result and gives the name of this. */
    String node(String operator, List<String> inputs, Attribute... attributes) {
        // A slash stands in no name of an input or a weight, so that nothing is named twice.
        String result = "/" + operator + "_" + nodes.size();
        node(operator, inputs, result, attributes);
        return result;
    }

    /** Adds a node whose result has a given name. */
    void node(String operator, List<String> inputs, String result, Attribute... attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, result).text(3, result).text(4, operator);
        for (Attribute attribute : attributes) {
            node.message(5, attribute.message());
        }
        nodes.add(node);
    }

    /** A number without axes. */
    String number(Kind kind, double value) {
        return constant(kind + " " + value, name -> Tensors.one(name, kind, value, false));
    }

    /** A float without axes. */
    String number(double value) {
        return number(Kind.FLOAT, value);
    }

    /** Integers along one axis. */
    String integers(List<Long> values) {
        return constant("integers " + values, name -> Tensors.integers(name, values));
    }

    /** Integers along one axis. */
    String integers(long... values) {
        return integers(Arrays.stream(values).boxed().toList());
    }

    /** Floats of any shape. */
    String floats(List<Long> shape, float... values) {
        return constant("floats " + shape + Arrays.toString(values), name -> Tensors.floats(name, shape, values));
    }

    private String constant(String content, Function<String, Message> tensor) {
        return known.computeIfAbsent(content, c -> {
            String name = CONSTANT + constants.size();
            constants.add(tensor.apply(name));
            return name;
        });
    }

    /** Whether a name is a node's result, not a constant. */
    boolean computes(String name) {
        return !name.startsWith(CONSTANT);
    }

    /** The nodes, operands before their users: messages {@code NodeProto}. */
    List<Message> nodes() {
        return nodes;
    }

    /** The constants: messages {@code TensorProto}. */
    List<Message> constants() {
        return constants;
    }
}
