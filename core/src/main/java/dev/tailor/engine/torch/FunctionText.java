package dev.tailor.engine.torch;

import dev.tailor.program.Op;
import dev.tailor.program.Program;
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
        this.writer = new MethodWriter(body, target.floats(), target.device(), false);
    }

    /** The method. */
    static String of(Program.Function function, BindText bind, Target target) {
        return new FunctionText(function, bind, target).write();
    }

    private String write() {
        writer.line("w = self.w");
        function.inputs().forEach(v -> writer.argument(v, target.floats()));
        for (Value node : function.nodes()) {
            Optional<PackedLinears.Call> linear = linears.at(node);
            if (constant.contains(node.id())) {
                atLoad.put(node.id(), load(node));
            } else if (linear.isPresent()) {
                writer.name(node, writer.local(call(linear.get())));
            } else if (!(node.op() instanceof Op.Input) && !linears.absorbs(node)) {
                node.inputs().forEach(this::name);
                writer.node(node);
            }
        }
        List<String> results = new ArrayList<>();
        function.outputs().values().forEach(v -> {
            name(v);
            String result = writer.result(v, target.floats());
            results.add(InferenceText.borrowed(v, constant) ? "torch.clone(" + result + ")" : result);
        });
        return MethodWriter.signature(function.name(), function.inputNames()) + body + "    return ["
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

    /** The name of a value in the function. */
    private String name(Value value) {
        String known = atLoad.get(value.id());
        if (known != null && !writer.knows(value)) {
            writer.name(value, bind.keep(known));
        }
        return writer.name(value);
    }
}
