package dev.tailor.engine.torch;

import dev.tailor.program.Kind;
import dev.tailor.program.Op;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Each operation of a program as an ATen call. */
record Operators(int floats, String device, boolean training) {

    /**
     * The call that computes a node.
     *
     * @param in the names of its operands
     * @param size writes a size
     */
    String expression(Value value, List<String> in, Function<Size, String> size) {
        Op op = value.op();
        if (op instanceof Op.Linear) {
            return call("linear", in.get(0), in.get(1), third(in));
        } else if (op instanceof Op.Embedding) {
            return call("embedding", in.get(1), in.get(0));
        } else if (op instanceof Op.Conv2d c) {
            return call("conv2d", in.get(0), in.get(1), third(in), c.stride(), c.padding(), c.dilation(), c.groups());
        } else if (op instanceof Op.LayerNorm n) {
            String width = size.apply(value.size(-1));
            return call("layer_norm", in.get(0), "[" + width + "]", in.get(1), third(in), n.epsilon());
        } else if (op instanceof Op.GroupNorm n) {
            return call("group_norm", in.get(0), n.groups(), in.get(1), in.get(2), n.epsilon());
        } else if (op instanceof Op.BatchNorm n) {
            String statistics = join(in.subList(1, 5));
            return call(
                    "batch_norm",
                    in.get(0),
                    statistics,
                    flag(training && !n.frozen()),
                    n.momentum(),
                    n.epsilon(),
                    "True");
        } else if (op instanceof Op.Attention a) {
            return attention(a, in);
        } else if (op instanceof Op.Unary u) {
            return unary(u.function(), in.get(0));
        } else if (op instanceof Op.Binary b) {
            return call(binary(b.function()), in.get(0), in.get(1));
        } else if (op instanceof Op.Scalar s) {
            boolean whole = value.inputs().get(0).kind() != Kind.FLOAT && s.value() == Math.rint(s.value());
            return scalar(s.function(), in.get(0), whole ? Long.toString((long) s.value()) : number(s.value()));
        } else if (op instanceof Op.Where) {
            return call("where", in.get(0), in.get(1), in.get(2));
        } else if (op instanceof Op.MatMul) {
            return call("matmul", in.get(0), in.get(1));
        } else if (op instanceof Op.Softmax s) {
            return call("softmax", in.get(0), s.axis(), "None");
        } else if (op instanceof Op.LogSoftmax s) {
            return call("log_softmax", in.get(0), s.axis(), "None");
        } else if (op instanceof Op.Dropout d) {
            return call("dropout", in.get(0), number(d.probability()), "True");
        } else if (op instanceof Op.Cast c) {
            return call("to", in.get(0), Types.of(c.kind(), floats));
        }
        return shaping(value, in, size);
    }

    /** Operations that move, reduce or create elements. */
    private String shaping(Value value, List<String> in, Function<Size, String> size) {
        Op op = value.op();
        if (op instanceof Op.Reduce r) {
            return call(reduction(r.function()), in.get(0), r.axes(), flag(r.keepAxes()));
        } else if (op instanceof Op.Pool2d p && p.maximum()) {
            return call("max_pool2d", in.get(0), p.kernel(), p.stride(), p.padding(), "[1, 1]", flag(p.ceil()));
        } else if (op instanceof Op.Pool2d p) {
            return call(
                    "avg_pool2d",
                    in.get(0),
                    p.kernel(),
                    p.stride(),
                    p.padding(),
                    flag(p.ceil()),
                    flag(p.countPadding()));
        } else if (op instanceof Op.AdaptiveMeanPool2d p) {
            return call("adaptive_avg_pool2d", in.get(0), List.of(p.height(), p.width()));
        } else if (op instanceof Op.Resize2d r) {
            return resize(r, in.get(0), sizes(List.of(r.height(), r.width()), size));
        } else if (op instanceof Op.Gather g) {
            return call("gather", in.get(0), g.axis(), in.get(1));
        } else if (op instanceof Op.CumulativeSum c) {
            return call("cumsum", in.get(0), c.axis());
        } else if (op instanceof Op.Pad p) {
            StringBuilder borders = new StringBuilder();
            for (int i = p.before().size() - 1; i >= 0; i--) {
                borders.append(borders.isEmpty() ? "" : ", ")
                        .append(size.apply(p.before().get(i)))
                        .append(", ")
                        .append(size.apply(p.after().get(i)));
            }
            return call("constant_pad_nd", in.get(0), "[" + borders + "]", number(p.value()));
        } else if (op instanceof Op.Reshape r) {
            return call("reshape", in.get(0), sizes(r.shape(), size));
        } else if (op instanceof Op.Permute p) {
            return call("permute", in.get(0), p.axes());
        } else if (op instanceof Op.Expand e) {
            return call("expand", in.get(0), sizes(e.shape(), size));
        } else if (op instanceof Op.Slice s) {
            return call("slice", in.get(0), s.axis(), size.apply(s.start()), size.apply(s.end()), 1);
        } else if (op instanceof Op.Select s) {
            return call("select", in.get(0), s.axis(), size.apply(s.index()));
        } else if (op instanceof Op.Concat c) {
            return call("cat", "[" + join(in) + "]", c.axis());
        } else if (op instanceof Op.Full f) {
            return call("full", sizes(f.shape(), size), number(f.value()), "dtype=" + floats, placed());
        } else if (op instanceof Op.Numbers n) {
            String values = n.values().stream().map(Operators::number).collect(Collectors.joining(", "));
            return "torch.tensor([" + values + "], dtype=" + floats + ", device=torch.device(\"" + device + "\"))";
        } else if (op instanceof Op.Arange a) {
            return call("arange", size.apply(a.end()), "dtype=" + Types.INT64, placed());
        } else if (op instanceof Op.Integers i) {
            return list(i.values(), Types.INT64);
        } else if (op instanceof Op.Sinusoid s) {
            String frequencies =
                    list(s.frequencies().stream().map(Operators::number).toList(), Types.FLOAT32);
            String positions = call("unsqueeze", call("to", in.get(0), Types.FLOAT32), -1);
            String angles = call("mul", positions, frequencies);
            return call("to", call(s.cosine() ? "cos" : "sin", angles), floats);
        }
        throw new IllegalStateException("no lowering of " + value);
    }

    private String attention(Op.Attention a, List<String> in) {
        String mask = in.size() > 3 ? in.get(3) : "None";
        String dropout = number(training ? a.dropout() : 0);
        return call(
                "scaled_dot_product_attention",
                join(in.subList(0, 3)),
                mask,
                dropout,
                flag(a.causal()),
                "scale=" + number(a.scale()));
    }

    private static String resize(Op.Resize2d op, String x, String sides) {
        String corners = flag(op.alignCorners());
        return switch (op.mode()) {
            case NEAREST -> call("upsample_nearest2d", x, sides);
            case BILINEAR -> call("upsample_bilinear2d", x, sides, corners);
            case BICUBIC -> call("upsample_bicubic2d", x, sides, corners);
        };
    }

    private static String unary(Op.Unary.Function function, String x) {
        return switch (function) {
            case GELU_TANH -> "torch.gelu(" + x + ", approximate=\"tanh\")";
            case HARD_SWISH -> "torch.hardswish(" + x + ")";
            case HARD_SIGMOID -> "torch.hardsigmoid(" + x + ")";
            case NEGATE -> "torch.neg(" + x + ")";
            case NOT -> "torch.logical_not(" + x + ")";
            case RELU,
                    RELU6,
                    GELU,
                    SILU,
                    TANH,
                    SIGMOID,
                    EXP,
                    LOG,
                    SQRT,
                    RSQRT,
                    ABS,
                    SIGN,
                    FLOOR,
                    CEIL,
                    SIN,
                    COS,
                    ERF,
                    SOFTPLUS -> "torch." + function.name().toLowerCase(Locale.ROOT) + "(" + x + ")";
        };
    }

    private static String binary(Op.Binary.Function function) {
        return switch (function) {
            case ADD -> "add";
            case SUBTRACT -> "sub";
            case MULTIPLY -> "mul";
            case DIVIDE -> "div";
            case FLOOR_DIVIDE -> "floor_divide";
            case REMAINDER -> "remainder";
            case POWER -> "pow";
            case MAXIMUM -> "maximum";
            case MINIMUM -> "minimum";
            case EQUAL -> "eq";
            case NOT_EQUAL -> "ne";
            case LESS -> "lt";
            case GREATER -> "gt";
            case AND -> "logical_and";
            case OR -> "logical_or";
        };
    }

    private static String scalar(Op.Binary.Function function, String x, String number) {
        return switch (function) {
            case MAXIMUM -> call("clamp", x, number, "None");
            case MINIMUM -> call("clamp", x, "None", number);
            case AND, OR -> throw new IllegalStateException(function + " takes two values");
            default -> call(binary(function), x, number);
        };
    }

    private static String reduction(Op.Reduce.Function function) {
        return switch (function) {
            case MEAN -> "mean";
            case SUM -> "sum";
            case MAX -> "amax";
        };
    }

    /** A tensor of numbers that stand in the text. */
    private String list(List<?> numbers, int type) {
        return call("tensor", numbers, "dtype=" + type, "device=torch.device(\"" + device + "\")");
    }

    private String placed() {
        return "layout=None, device=torch.device(\"" + device + "\"), pin_memory=False";
    }

    private static String call(String operator, Object... arguments) {
        StringBuilder text = new StringBuilder("torch.").append(operator).append('(');
        for (int i = 0; i < arguments.length; i++) {
            text.append(i == 0 ? "" : ", ").append(arguments[i]);
        }
        return text.append(')').toString();
    }

    private static String third(List<String> in) {
        return in.size() > 2 ? in.get(2) : "None";
    }

    private static String sizes(List<Size> shape, Function<Size, String> size) {
        return "[" + shape.stream().map(size).collect(Collectors.joining(", ")) + "]";
    }

    private static String join(List<String> names) {
        return String.join(", ", names);
    }

    private static String flag(boolean value) {
        return value ? "True" : "False";
    }

    /** A literal that TorchScript reads as a float. */
    static String number(double value) {
        return Double.toString(value).replace('E', 'e');
    }
}
