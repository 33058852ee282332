package dev.tailor.engine.torch;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes nodes as TorchScript statements, one line each, and remembers the name of each result. */
final class MethodWriter {
    private final StringBuilder body;
    private final Map<Integer, String> names = new HashMap<>();
    private final Map<String, String> axes = new HashMap<>();
    private final Map<Size, String> sizes = new HashMap<>();
    private final Operators operators;
    private final Map<String, String> narrowed = new HashMap<>();
    private int locals;

    MethodWriter(StringBuilder body, int floats, String device, boolean training) {
        this.body = body;
        this.operators = new Operators(floats, device, training);
    }

    /** Declares that a value already has a name. */
    void name(Value value, String name) {
        names.put(value.id(), name);
    }

    String name(Value value) {
        String name = names.get(value.id());
        if (name == null) {
            throw new IllegalStateException(value + " is used before it is computed");
        }
        return name;
    }

    boolean knows(Value value) {
        return names.containsKey(value.id());
    }

    /** Declares an argument: converts it to the type the network computes in and learns the axes it names. */
    void argument(Value value, int floats) {
        Op.Input input = (Op.Input) value.op();
        String local = "x" + value.id();
        line(local + " = torch.to(" + input.name() + ", " + Types.of(value.kind(), floats) + ")");
        names.put(value.id(), local);
        for (int i = 0; i < value.rank(); i++) {
            if (value.size(i) instanceof Size.Axis axis) {
                int position = i;
                axes.computeIfAbsent(axis.name(), n -> "torch.size(" + local + ", " + position + ")");
            }
        }
    }

    /** Writes a node as one statement. */
    void node(Value value) {
        List<String> operands = value.inputs().stream().map(this::name).toList();
        String expression = operators.expression(value, operands, this::size);
        names.put(value.id(), local(expression));
    }

    /**
     * Writes a node as statements that compute in another type and give the result in 32 bits: the types that {@code
     * torch.autocast} takes for products of matrices.
     */
    void node(Value value, int type) {
        List<String> operands = value.inputs().stream()
                .map(v -> v.kind() == Kind.FLOAT
                        ? narrowed.computeIfAbsent(name(v), n -> local("torch.to(" + n + ", " + type + ")"))
                        : name(v))
                .toList();
        String result = local(operators.expression(value, operands, this::size));
        names.put(value.id(), local("torch.to(" + result + ", " + Types.FLOAT32 + ")"));
    }

    /** Assigns an expression to a new local and returns its name. */
    String local(String expression) {
        String local = "v" + locals++;
        line(local + " = " + expression);
        return local;
    }

    void line(String statement) {
        body.append("    ").append(statement).append('\n');
    }

    /** A size as an integer expression; what depends on an input is computed once. */
    private String size(Size size) {
        if (size instanceof Size.Constant constant) {
            return Long.toString(constant.value());
        }
        String known = sizes.get(size);
        if (known == null) {
            known = local(size instanceof Size.Axis axis ? axis(axis) : arithmetic((Size.Arithmetic) size));
            sizes.put(size, known);
        }
        return known;
    }

    private String axis(Size.Axis axis) {
        String expression = axes.get(axis.name());
        if (expression == null) {
            throw new IllegalStateException("no input has an axis named " + axis.name());
        }
        return expression;
    }

    private String arithmetic(Size.Arithmetic size) {
        String a = size(size.left());
        String b = size(size.right());
        return switch (size.operator()) {
            case ADD -> "(" + a + " + " + b + ")";
            case SUBTRACT -> "(" + a + " - " + b + ")";
            case MULTIPLY -> "(" + a + " * " + b + ")";
            case FLOOR_DIVIDE -> "(" + a + " // " + b + ")";
            case MODULO -> "(" + a + " % " + b + ")";
            case MAX -> "ops.prim.max(" + a + ", " + b + ")";
            case MIN -> "ops.prim.min(" + a + ", " + b + ")";
        };
    }

    /** A shape as a list of integers. */
    String shape(Value value) {
        return "[" + value.shape().stream().map(this::size).collect(Collectors.joining(", ")) + "]";
    }

    /** The first lines of a method whose parameters are all tensors. */
    static String signature(String name, List<String> parameters) {
        return signature(name, parameters, List.of());
    }

    /** The first lines of a method whose last parameters are lists of tensors. */
    static String signature(String name, List<String> parameters, List<String> lists) {
        List<String> all = new ArrayList<>(List.of("self: __torch__.Net"));
        parameters.forEach(p -> all.add(p + ": Tensor"));
        lists.forEach(l -> all.add(l + ": List[Tensor]"));
        return "  def " + name + "(" + all.stream().collect(Collectors.joining(",\n    ")) + ") -> List[Tensor]:\n";
    }

    /** A float result in 32 bits, any other as it is. */
    String result(Value value, int floats) {
        return value.kind() == Kind.FLOAT && floats != Types.FLOAT32
                ? local("torch.to(" + name(value) + ", " + Types.FLOAT32 + ")")
                : name(value);
    }
}
