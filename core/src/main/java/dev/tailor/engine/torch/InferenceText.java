package dev.tailor.engine.torch;

import dev.tailor.engine.BatchNormFolding;
import dev.tailor.engine.DropoutRemoval;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the inference variant: {@code bind} computes once everything that depends on weights alone (conversions, folded
 * normalisations) and keeps what the functions use; each function then runs on that.
 */
final class InferenceText {
    private final Target target;
    private final Map<String, Integer> raw = new HashMap<>();
    private final List<String> methods = new ArrayList<>();
    private final StringBuilder bind = new StringBuilder();
    private final MethodWriter binder;
    /** Names in {@code bind} by what they compute, so that functions share one copy. */
    private final Map<String, String> computed = new HashMap<>();
    /** The weights whose memory a name of {@code bind} may share; packing and arithmetic always take memory of their own. */
    private final Map<String, Set<String>> views = new HashMap<>();
    /** The positions in the module's list of the names that functions use. */
    private final Map<String, Integer> kept = new LinkedHashMap<>();

    private InferenceText(Program program, Target target) {
        this.target = target;
        this.binder = new MethodWriter(bind, target.floats(), target.device(), false);
        program.weights().keySet().forEach(key -> raw.put(key, raw.size()));
    }

    /**
     * Writes the module.
     *
     * @param conversions for each weight, by key, the expression that makes of {@code %s} a tensor of the right type and shape
     */
    static InferenceText of(Program program, Map<String, String> conversions, Target target) {
        InferenceText text = new InferenceText(program, target);
        for (Program.Function function : program.functions()) {
            Program.Function lean = SharedMasks.apply(BatchNormFolding.apply(DropoutRemoval.apply(function)));
            // Where weights are not packed anyway, joining them would only copy what is mapped.
            text.function(target.linears().isEmpty() ? lean : JoinedLinears.apply(lean), conversions);
        }
        return text;
    }

    /** The module. */
    TorchModuleText module() {
        String bindMethod = "  def bind(self: __torch__.Net,\n    w: List[Tensor]) -> List[Tensor]:\n" + bind
                + "    self.w = [" + String.join(", ", kept.keySet()) + "]\n    return self.w\n";
        List<String> all = new ArrayList<>(List.of(bindMethod));
        all.addAll(methods);
        return new TorchModuleText(List.of("w"), all);
    }

    /** Whether what {@code bind} keeps may be a view of a weight's memory, so that this must stay. */
    boolean borrows(String key) {
        return kept.keySet().stream()
                .anyMatch(name -> views.getOrDefault(name, Set.of()).contains(key));
    }

    private void function(Program.Function function, Map<String, String> conversions) {
        List<Value> nodes = function.nodes();
        Set<Integer> constant = Constants.of(nodes);
        PackedLinears packed = PackedLinears.of(function, constant, target.linears());
        Map<Integer, String> atLoad = new HashMap<>();
        Map<List<Object>, String> kernelInputs = new HashMap<>();
        StringBuilder body = new StringBuilder();
        MethodWriter writer = new MethodWriter(body, target.floats(), target.device(), false);
        writer.line("w = self.w");
        function.inputs().forEach(v -> writer.argument(v, target.floats()));
        for (Value node : nodes) {
            if (constant.contains(node.id())) {
                atLoad.put(node.id(), load(node, atLoad, conversions));
            } else if (packed.at(node).isPresent()) {
                packed(node, packed.at(node).orElseThrow(), kernelInputs, atLoad, writer);
            } else if (!(node.op() instanceof Op.Input) && !packed.absorbs(node)) {
                node.inputs().forEach(v -> fetch(v, atLoad, writer));
                writer.node(node);
            }
        }
        List<String> results = new ArrayList<>();
        function.outputs().values().forEach(v -> {
            fetch(v, atLoad, writer);
            String result = writer.result(v, target.floats());
            results.add(borrowed(v, constant) ? "torch.clone(" + result + ")" : result);
        });
        methods.add(MethodWriter.signature(function.name(), function.inputNames()) + body + "    return ["
                + String.join(", ", results) + "]\n");
    }

    private void packed(
            Value node,
            PackedLinears.Call call,
            Map<List<Object>, String> kernelInputs,
            Map<Integer, String> atLoad,
            MethodWriter writer) {
        List<Value> operands = call.linear().inputs();
        LinearKernel kernel = call.kernel();
        String weight = Objects.requireNonNull(atLoad.get(operands.get(1).id()));
        List<String> stored = kernel
                .pack(weight, operands.get(1).size(0).constant(), e -> computed.computeIfAbsent(e, binder::local))
                .stream()
                .map(this::keep)
                .toList();
        String bias = operands.size() > 2
                ? keep(Objects.requireNonNull(atLoad.get(operands.get(2).id())))
                : "None";
        String x = written(operands.get(0), atLoad, writer);
        Optional<String> added = Optional.ofNullable(call.added()).map(v -> written(v, atLoad, writer));
        String input = kernelInputs.computeIfAbsent(List.of(kernel, x), k -> kernel.input(x, writer::local));
        writer.name(node, writer.local(kernel.call(input, stored, bias, call.fused(), added)));
    }

    /** The name of a value in a function. */
    private String written(Value value, Map<Integer, String> atLoad, MethodWriter writer) {
        fetch(value, atLoad, writer);
        return writer.name(value);
    }

    /** Whether a result may be a view of a weight's or an argument's memory, which it must be able to outlive. */
    private static boolean borrowed(Value value, Set<Integer> constant) {
        Value source = value;
        while (source.op() instanceof Op.Reshape
                || source.op() instanceof Op.Permute
                || source.op() instanceof Op.Expand
                || source.op() instanceof Op.Slice
                || source.op() instanceof Op.Select
                || source.op() instanceof Op.Cast) {
            source = source.inputs().get(0);
        }
        return source.op() instanceof Op.Input || constant.contains(source.id());
    }

    /** Makes a value of {@code bind} known to a function. */
    private void fetch(Value value, Map<Integer, String> atLoad, MethodWriter writer) {
        String name = atLoad.get(value.id());
        if (name != null && !writer.knows(value)) {
            writer.name(value, keep(name));
        }
    }

    /** How functions refer to a name of {@code bind}. */
    private String keep(String name) {
        return "w[" + kept.computeIfAbsent(name, n -> kept.size()) + "]";
    }

    /** Writes a node into {@code bind}, unless an equal one of another function is there. */
    private String load(Value node, Map<Integer, String> atLoad, Map<String, String> conversions) {
        if (node.op() instanceof Op.Weight weight) {
            String expression = String.format(conversions.get(weight.key()), "w[" + raw.get(weight.key()) + "]");
            String name = computed.computeIfAbsent(expression, binder::local);
            views.put(name, Set.of(weight.key()));
            return name;
        }
        List<String> operands =
                node.inputs().stream().map(v -> atLoad.get(v.id())).toList();
        return computed.computeIfAbsent(node.op() + " of " + operands, signature -> {
            for (int i = 0; i < operands.size(); i++) {
                binder.name(node.inputs().get(i), operands.get(i));
            }
            binder.node(node);
            String name = binder.name(node);
            if (!(node.op() instanceof Op.Binary || node.op() instanceof Op.Concat)) {
                Set<String> shared = new HashSet<>();
                operands.forEach(o -> shared.addAll(views.getOrDefault(o, Set.of())));
                views.put(name, shared);
            }
            return name;
        });
    }
}
