package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Op.Binary.Function;
import dev.tailor.program.Value;
import java.util.List;

/** Element-wise operations. Operands of different kinds are converted first, for ONNX takes one type alone. */
record ElementOps(Graph graph) {
    private static final double SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

    String cast(String x, Kind from, Kind to) {
        return from == to ? x : graph.node("Cast", List.of(x), Attribute.number("to", Tensors.type(to)));
    }

    String unary(Op.Unary.Function function, Kind kind, String x) {
        return switch (function) {
            // ONNX Runtime has no Relu and no Clip of integers of every width; Max and Min it has.
            case RELU -> kind == Kind.FLOAT ? one("Relu", x) : two("Max", x, graph.number(kind, 0));
            case RELU6 -> graph.node("Clip", List.of(x, graph.number(kind, 0), graph.number(kind, 6)));
            case GELU -> gelu(x);
            case GELU_TANH -> tanhGelu(x);
            case SILU -> two("Mul", x, one("Sigmoid", x));
            case HARD_SWISH -> one("HardSwish", x);
            case HARD_SIGMOID ->
                graph.node("HardSigmoid", List.of(x), Attribute.real("alpha", 1 / 6.0), Attribute.real("beta", 0.5));
            case RSQRT -> one("Reciprocal", one("Sqrt", x));
            case NEGATE -> one("Neg", x);
            case NOT -> one("Not", cast(x, kind, Kind.BOOLEAN));
            case TANH -> one("Tanh", x);
            case SIGMOID -> one("Sigmoid", x);
            case EXP -> one("Exp", x);
            case LOG -> one("Log", x);
            case SQRT -> one("Sqrt", x);
            case ABS -> one("Abs", x);
            case SIGN -> one("Sign", x);
            case FLOOR -> one("Floor", x);
            case CEIL -> one("Ceil", x);
            case SIN -> one("Sin", x);
            case COS -> one("Cos", x);
            case ERF -> one("Erf", x);
            case SOFTPLUS -> one("Softplus", x);
        };
    }

    /** In the form that ONNX Runtime makes one operator of. */
    private String gelu(String x) {
        String erf = one("Erf", two("Div", x, graph.number(Math.sqrt(2))));
        return two("Mul", two("Mul", x, two("Add", erf, graph.number(1))), graph.number(0.5));
    }

    private String tanhGelu(String x) {
        String cube = two("Mul", two("Pow", x, graph.number(3)), graph.number(0.044715));
        String tanh = one("Tanh", two("Mul", two("Add", x, cube), graph.number(SQRT_TWO_OVER_PI)));
        return two("Mul", two("Mul", x, graph.number(0.5)), two("Add", tanh, graph.number(1)));
    }

    String binary(Function function, Value left, Value right, String a, String b) {
        Kind common =
                function == Function.AND || function == Function.OR ? Kind.BOOLEAN : wider(left.kind(), right.kind());
        return binary(function, common, cast(a, left.kind(), common), cast(b, right.kind(), common));
    }

    String scalar(Op.Scalar op, Kind kind, String x) {
        boolean whole = op.value() == Math.rint(op.value());
        Kind common = kind == Kind.FLOAT || !whole ? Kind.FLOAT : Kind.INTEGER;
        return binary(op.function(), common, cast(x, kind, common), graph.number(common, op.value()));
    }

    String where(Value node, List<String> in) {
        Kind kind = node.kind();
        String condition = in.get(0);
        String yes = cast(in.get(1), node.inputs().get(1).kind(), kind);
        String no = cast(in.get(2), node.inputs().get(2).kind(), kind);
        if (kind == Kind.BOOLEAN) {
            return two("Or", two("And", condition, yes), two("And", one("Not", condition), no));
        }
        return graph.node("Where", List.of(condition, yes, no));
    }

    static Kind wider(Kind a, Kind b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private String binary(Function function, Kind kind, String a, String b) {
        if (kind == Kind.BOOLEAN) {
            return truth(function, a, b);
        }
        return switch (function) {
            case ADD -> two("Add", a, b);
            case SUBTRACT -> two("Sub", a, b);
            case MULTIPLY -> two("Mul", a, b);
            case DIVIDE -> two("Div", a, b);
            case FLOOR_DIVIDE -> kind == Kind.FLOAT ? floorDivide(a, b) : Sizes.floorDivide(graph, a, b);
            case REMAINDER -> kind == Kind.FLOAT ? remainder(a, b) : two("Mod", a, b);
            case POWER -> two("Pow", a, b);
            case MAXIMUM -> two("Max", a, b);
            case MINIMUM -> two("Min", a, b);
            case EQUAL -> two("Equal", a, b);
            case NOT_EQUAL -> one("Not", two("Equal", a, b));
            case LESS -> two("Less", a, b);
            case GREATER -> two("Greater", a, b);
            case AND, OR -> throw new IllegalStateException(function + " takes truth values");
        };
    }

    private String truth(Function function, String a, String b) {
        return switch (function) {
            case AND, MULTIPLY, MINIMUM -> two("And", a, b);
            case OR, MAXIMUM -> two("Or", a, b);
            case EQUAL -> one("Not", two("Xor", a, b));
            case NOT_EQUAL -> two("Xor", a, b);
            case LESS -> two("And", one("Not", a), b);
            case GREATER -> two("And", a, one("Not", b));
            default -> throw new IllegalStateException(function + " of truth values");
        };
    }

    /** As PyTorch: the remainder is taken off first, so that the quotient is exact. */
    private String floorDivide(String a, String b) {
        String rest = truncatedRemainder(a, b);
        String quotient = two("Div", two("Sub", a, rest), b);
        String lower = two("Sub", quotient, graph.number(1));
        return one("Round", graph.node("Where", List.of(otherSign(rest, b), lower, quotient)));
    }

    private String remainder(String a, String b) {
        String rest = truncatedRemainder(a, b);
        return graph.node("Where", List.of(otherSign(rest, b), two("Add", rest, b), rest));
    }

    private String truncatedRemainder(String a, String b) {
        return graph.node("Mod", List.of(a, b), Attribute.number("fmod", 1));
    }

    private String otherSign(String rest, String divisor) {
        return two("Less", two("Mul", one("Sign", rest), one("Sign", divisor)), graph.number(0));
    }

    private String one(String operator, String x) {
        return graph.node(operator, List.of(x));
    }

    private String two(String operator, String a, String b) {
        return graph.node(operator, List.of(a, b));
    }
}
