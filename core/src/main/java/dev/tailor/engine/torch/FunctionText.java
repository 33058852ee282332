package dev.tailor.engine.torch;

import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Writes one function of the inference variant; what is known at load goes into {@code bind}. */
final class FunctionText {
    private final Program.Function function;
    private final BindText bind;
    private final Target target;
    private final Set<Integer> constant;
    private final PackedLinears linears;
    private final PackedConvolutions convolutions;
    /** Whether the convolutions' weights come as an argument. */
    private final boolean packed;

    private final MethodWriter writer;
    private final StringBuilder body = new StringBuilder();
    /** Names in {@code bind} by node. */
    private final Map<Integer, String> atLoad = new HashMap<>();
    /** What kernels read in a value's place. */
    private final Map<List<Object>, String> kernelInputs = new HashMap<>();

    private FunctionText(Program.Function function, BindText bind, Target target) {
        this.function = function;
        this.bind = bind;
        this.target = target;
        this.constant = Constants.of(function.nodes());
        this.linears = PackedLinears.of(function, constant, target.linears());
        this.convolutions = target.packs()
                ? PackedConvolutions.of(function, constant, target.clamped())
                : PackedConvolutions.none();
        this.packed = false;
        this.writer = new MethodWriter(body, target.floats(), target.device(), false);
    }

    /** Another method of the same function, by the same plans. */
    private FunctionText(FunctionText other, boolean packed) {
        this.function = other.function;
        this.bind = other.bind;
        this.target = other.target;
        this.constant = other.constant;
        this.linears = other.linears;
        this.convolutions = other.convolutions;
        this.packed = packed;
        this.writer = new MethodWriter(body, target.floats(), target.device(), false);
    }

    /** The method; with convolutions also the two that make and take their weights for one size of the input. */
    static List<String> of(Program.Function function, BindText bind, Target target) {
        FunctionText text = new FunctionText(function, bind, target);
        String plain = text.write();
        return text.convolutions.all().isEmpty() || target.clamped()
                ? List.of(plain)
                : List.of(plain, new FunctionText(text, true).write(), new FunctionText(text, false).pack());
    }

    private String write() {
        start();
        for (Value node : function.nodes()) {
            Optional<PackedLinears.Call> linear = linears.at(node);
            Optional<PackedConvolutions.Call> convolution = convolutions.at(node);
            if (constant.contains(node.id())) {
                atLoad.put(node.id(), load(node));
            } else if (linear.isPresent()) {
                writer.name(node, writer.local(call(linear.get())));
            } else if (convolution.isPresent()) {
                writer.name(node, writer.local(call(convolution.get())));
            } else if (!(node.op() instanceof Op.Input) && !linears.absorbs(node) && !convolutions.absorbs(node)) {
                node.inputs().forEach(this::name);
                writer.node(node);
            }
        }
        List<String> results = new ArrayList<>();
        function.outputs().values().forEach(v -> {
            name(v);
            String result = writer.result(v, target.floats());
            results.add(borrowed(v) ? "torch.clone(" + result + ")" : result);
        });
        return method(packed ? TorchModule.PACKED : "", packed ? List.of("p") : List.of(), results);
    }

    /** The method that brings the convolutions' weights into the orders for the sizes of the arguments. */
    private String pack() {
        start();
        for (Value node : function.nodes()) {
            if (constant.contains(node.id())) {
                atLoad.put(node.id(), load(node));
            }
        }
        List<String> results = convolutions.all().stream()
                .map(c -> writer.local("torch.mkldnn_reorder_conv2d_weight(torch.to_mkldnn(" + weight(c) + "), "
                        + PackedConvolutions.Call.attributes((Op.Conv2d) c.op()) + ", "
                        + writer.shape(c.inputs().get(0)) + ")"))
                .toList();
        return method(TorchModule.PACK, List.of(), results);
    }

    private void start() {
        writer.line("w = self.w");
        if (target.clamped()) {
            writer.line("c = self.c");
        }
        function.inputs().forEach(v -> writer.argument(v, target.floats()));
    }

    private String method(String prefix, List<String> lists, List<String> results) {
        return MethodWriter.signature(prefix + function.name(), function.inputNames(), lists) + body + "    return ["
                + String.join(", ", results) + "]\n";
    }

    private String load(Value node) {
        return node.op() instanceof Op.Weight weight
                ? bind.weight(weight.key())
                : bind.node(node, node.inputs().stream().map(this::loaded).toList());
    }

    private String loaded(Value node) {
        return Objects.requireNonNull(atLoad.get(node.id()));
    }

    private String call(PackedLinears.Call call) {
        List<Value> operands = call.linear().inputs();
        LinearKernel kernel = call.kernel();
        Value weight = operands.get(1);
        List<String> stored = kernel.pack(loaded(weight), weight.size(0).constant(), bind).stream()
                .map(bind::keep)
                .toList();
        String bias = operands.size() > 2 ? bind.keep(loaded(operands.get(2))) : "None";
        String x = name(operands.get(0));
        Optional<String> added = Optional.ofNullable(call.added()).map(this::name);
        String input = kernelInputs.computeIfAbsent(List.of(kernel, x), k -> kernel.input(x, writer::local));
        return kernel.call(input, stored, bias, call.fused(), added);
    }

    private String call(PackedConvolutions.Call call) {
        if (target.clamped()) {
            return clamped(call);
        }
        Value convolution = call.convolution();
        List<Value> operands = convolution.inputs();
        String weight = packed ? "p[" + convolutions.all().indexOf(convolution) + "]" : weight(convolution);
        String bias = operands.size() > 2 ? bind.keep(loaded(operands.get(2))) : "None";
        Optional<String> added = Optional.ofNullable(call.added()).map(this::name);
        return call.expression(channelsLast(operands.get(0)), weight, bias, added);
    }

    private String clamped(PackedConvolutions.Call call) {
        List<Value> operands = call.convolution().inputs();
        List<String> known = operands.stream().skip(1).map(this::loaded).toList();
        String bias = known.size() > 1 ? known.get(1) : "None";
        Op.Conv2d op = (Op.Conv2d) call.convolution().op();
        String context = bind.context(ClampedConvolutions.pack(op, call.fused(), known.get(0), bias), known);
        String result = ClampedConvolutions.run(channelsLast(operands.get(0)), context);
        // The kernel takes its results' order from its input's, which says nothing where there is one channel.
        boolean ambiguous = operands.get(0).size(1).equals(Size.of(1));
        return ambiguous ? "torch.contiguous(" + result + ", memory_format=2)" : result;
    }

    private String weight(Value convolution) {
        return bind.keep(bind.channelsLast(loaded(convolution.inputs().get(1))));
    }

    /** What another convolution gave has its channels last already. */
    private String channelsLast(Value value) {
        String x = name(value);
        return convolutions.at(value).isPresent()
                ? x
                : kernelInputs.computeIfAbsent(
                        List.of("channels last", x), k -> writer.local("torch.contiguous(" + x + ", memory_format=2)"));
    }

    /** The name of a value in the function. */
    private String name(Value value) {
        String known = atLoad.get(value.id());
        if (known != null && !writer.knows(value)) {
            writer.name(value, bind.keep(known));
        }
        return writer.name(value);
    }

    /** Whether a result may be a view of a weight's or an argument's memory, which it must be able to outlive. */
    private boolean borrowed(Value value) {
        Value source = value;
        while (isView(source)) {
            source = source.inputs().get(0);
        }
        return source.op() instanceof Op.Input || constant.contains(source.id());
    }

    /** Whether a node's value may lie in its operand's memory. */
    static boolean isView(Value node) {
        return node.op() instanceof Op.Reshape
                || node.op() instanceof Op.Permute
                || node.op() instanceof Op.Expand
                || node.op() instanceof Op.Slice
                || node.op() instanceof Op.Select
                || node.op() instanceof Op.Cast;
    }
}
