package dev.tailor.engine.torch;

import dev.tailor.engine.BatchNormFolding;
import dev.tailor.engine.DropoutRemoval;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes the inference variant: {@code bind} computes once everything that depends on weights alone (conversions, folded
 * normalisations) and keeps what the functions use; each function then runs on that.
 */
final class InferenceText {
    private final int floats;
    private final String device;
    private final boolean packing;
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

    private InferenceText(Program program, int floats, String device, boolean packing) {
        this.floats = floats;
        this.device = device;
        this.packing = packing;
        this.binder = new MethodWriter(bind, floats, device, false);
        program.weights().keySet().forEach(key -> raw.put(key, raw.size()));
    }

    /**
     * Writes the module.
     *
     * @param conversions for each weight, by key, the expression that makes of {@code %s} a tensor of the right type and shape
     * @param packing whether linear layers run as {@link PackedLinears}
     */
    static InferenceText of(
            Program program, Map<String, String> conversions, int floats, String device, boolean packing) {
        InferenceText text = new InferenceText(program, floats, device, packing);
        for (Program.Function function : program.functions()) {
            text.function(BatchNormFolding.apply(DropoutRemoval.apply(function)), conversions);
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
        Set<Integer> constant = weightOnly(nodes);
        PackedLinears packed = packing ? PackedLinears.of(function, constant) : PackedLinears.none();
        Map<Integer, String> atLoad = new HashMap<>();
        StringBuilder body = new StringBuilder();
        MethodWriter writer = new MethodWriter(body, floats, device, false);
        writer.line("w = self.w");
        function.inputs().forEach(v -> writer.argument(v, floats));
        for (Value node : nodes) {
            if (constant.contains(node.id())) {
                atLoad.put(node.id(), load(node, atLoad, conversions));
            } else if (packed.at(node).isPresent()) {
                packedLinear(node, packed, atLoad, writer);
            } else if (!(node.op() instanceof Op.Input) && !packed.absorbs(node)) {
                node.inputs().forEach(v -> fetch(v, atLoad, writer));
                writer.node(node);
            }
        }
        List<String> results = new ArrayList<>();
        function.outputs().values().forEach(v -> {
            fetch(v, atLoad, writer);
            String result = writer.result(v, floats);
            results.add(borrowed(v, constant) ? "torch.clone(" + result + ")" : result);
        });
        methods.add(MethodWriter.signature(function.name(), function.inputNames()) + body + "    return ["
                + String.join(", ", results) + "]\n");
    }

    private void packedLinear(Value node, PackedLinears packed, Map<Integer, String> atLoad, MethodWriter writer) {
        List<Value> operands = packed.at(node).orElseThrow().inputs();
        String weight = PackedLinears.pack(
                Objects.requireNonNull(atLoad.get(operands.get(1).id())));
        String bias = operands.size() > 2
                ? keep(Objects.requireNonNull(atLoad.get(operands.get(2).id())))
                : "None";
        List<Value> arguments = packed.arguments(node);
        arguments.forEach(v -> fetch(v, atLoad, writer));
        List<String> names = arguments.stream().map(writer::name).toList();
        String stored = keep(computed.computeIfAbsent(weight, binder::local));
        writer.name(node, writer.local(packed.expression(node, names, stored, bias)));
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

    private static Set<Integer> weightOnly(List<Value> nodes) {
        Set<Integer> constant = new HashSet<>();
        for (Value node : nodes) {
            // A slice of a table whose length comes with the call is not known at load.
            boolean known = !(node.op() instanceof Op.Input)
                    && node.shape().stream().allMatch(Size::isConstant)
                    && node.inputs().stream().allMatch(v -> constant.contains(v.id()));
            if (known) {
                constant.add(node.id());
            }
        }
        return constant;
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
            if (!(node.op() instanceof Op.Binary)) {
                Set<String> shared = new HashSet<>();
                operands.forEach(o -> shared.addAll(views.getOrDefault(o, Set.of())));
                views.put(name, shared);
            }
            return name;
        });
    }
}
