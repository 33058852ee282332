package dev.tailor.engine.torch;

import dev.tailor.engine.DropoutRemoval;
import dev.tailor.program.Objective;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the training variant: nothing is folded, the weights are plain float tensors that the caller binds. Each function has
 * a method that evaluates; one without a loss has a method that runs in training mode, one with a loss a method that takes
 * gradients.
 */
final class TrainingText {
    private final Program program;
    private final String device;
    private final int products;
    private final List<String> keys;
    private final Map<String, Integer> positions = new HashMap<>();

    /**
     * Prepares.
     *
     * @param products the type in which a training pass multiplies matrices; weights and everything else have 32 bits
     */
    TrainingText(Program program, String device, int products) {
        this.program = program;
        this.products = products;
        this.device = device;
        this.keys = List.copyOf(program.weights().keySet());
        keys.forEach(k -> positions.put(k, positions.size()));
    }

    /** The names of the methods for a function. */
    static String evaluate(Program.Function function) {
        return "evaluate_" + function.name();
    }

    static String run(Program.Function function) {
        return "train_" + function.name();
    }

    static String step(Program.Function function) {
        return "step_" + function.name();
    }

    /**
     * Writes a module that runs but has no steps.
     *
     * @param conversions see {@link BoundWeights#conversions}
     */
    TorchModuleText write(Map<String, String> conversions) {
        List<String> methods = new ArrayList<>(List.of(convert(conversions), adopt("")));
        for (Program.Function function : program.functions()) {
            methods.add(method(evaluate(function), function, false, List.of()));
            methods.add(method(run(function), function, true, List.of()));
        }
        return new TorchModuleText(List.of("w"), methods);
    }

    /**
     * Writes a module that trains.
     *
     * @param trainable the keys of the parameters that take gradients, in order
     */
    TorchModuleText write(Map<String, String> conversions, List<String> trainable, UpdateText update) {
        List<String> weights = trainable.stream().map(this::stored).toList();
        List<String> methods = new ArrayList<>(List.of(
                convert(conversions),
                adopt(update.forget(weights)),
                update.moments(),
                update.method(weights),
                UpdateText.copy("put_weights", List.of("w")),
                UpdateText.copy("put_moments", update.kinds())));
        for (Program.Function function : program.functions()) {
            methods.add(method(evaluate(function), function, false, List.of()));
            if (hasLoss(function)) {
                methods.add(method(step(function), function, true, trainable));
            }
        }
        List<String> lists = new ArrayList<>(List.of("w", "g"));
        lists.addAll(update.kinds());
        return new TorchModuleText(lists, methods);
    }

    static boolean hasLoss(Program.Function function) {
        return function.outputs().containsKey(Objective.LOSS);
    }

    /** How methods refer to a weight. */
    private String stored(String key) {
        return "w[" + positions.get(key) + "]";
    }

    /** Private copies of the stored tensors as 32-bit floats. */
    private String convert(Map<String, String> conversions) {
        StringBuilder copies = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            String expression = String.format(conversions.get(keys.get(i)), "w[" + i + "]");
            copies.append(i == 0 ? "" : ", ")
                    .append("torch.clone(")
                    .append(expression)
                    .append(')');
        }
        return "  def convert(self: __torch__.Net,\n    w: List[Tensor]) -> List[Tensor]:\n    return [" + copies
                + "]\n";
    }

    private static String adopt(String more) {
        return "  def adopt(self: __torch__.Net,\n    w: List[Tensor]) -> List[Tensor]:\n    self.w = w\n" + more
                + "    return w\n";
    }

    private String method(String name, Program.Function function, boolean training, List<String> trainable) {
        Program.Function traced = training ? function : DropoutRemoval.apply(function);
        StringBuilder body = new StringBuilder();
        MethodWriter writer = new MethodWriter(body, Types.FLOAT32, device, training);
        writer.line("w = self.w");
        traced.inputs().forEach(v -> writer.argument(v, Types.FLOAT32));
        Set<Integer> narrow = training && products != Types.FLOAT32 ? products(traced) : Set.of();
        for (Value node : traced.nodes()) {
            if (node.op() instanceof Op.Weight weight) {
                writer.name(node, stored(weight.key()));
            } else if (narrow.contains(node.id())) {
                writer.node(node, products);
            } else if (!(node.op() instanceof Op.Input)) {
                writer.node(node);
            }
        }
        List<String> parameters = new ArrayList<>(traced.inputNames());
        if (trainable.isEmpty()) {
            List<String> results =
                    traced.outputs().values().stream().map(writer::name).toList();
            writer.line("return [" + String.join(", ", results) + "]");
        } else {
            parameters.add("options");
            gradients(writer, function, trainable);
        }
        return MethodWriter.signature(name, parameters) + body;
    }

    /** The products of matrices in the network itself; those of the loss are left as they are. */
    private static Set<Integer> products(Program.Function function) {
        Map<String, Value> results = new HashMap<>(function.outputs());
        results.remove(Objective.LOSS);
        return new Program.Function(function.name(), function.inputs(), results, Map.of())
                .nodes().stream()
                        .filter(v -> v.op() instanceof Op.Linear
                                || v.op() instanceof Op.Conv2d
                                || v.op() instanceof Op.MatMul
                                || v.op() instanceof Op.Attention)
                        .map(Value::id)
                        .collect(Collectors.toSet());
    }

    /** The keys of the weights that the loss needs. */
    static List<String> reached(Program.Function function) {
        Value loss = function.output(Objective.LOSS);
        return new Program.Function(function.name(), function.inputs(), Map.of(Objective.LOSS, loss), Map.of())
                .weightKeys();
    }

    /** Adds the gradients of the loss to those since the last update. */
    private void gradients(MethodWriter writer, Program.Function function, List<String> trainable) {
        List<String> reached =
                reached(function).stream().filter(trainable::contains).toList();
        String weights = reached.stream().map(this::stored).collect(Collectors.joining(", "));
        writer.line("scale = float(torch.item(torch.select(options, 0, 0)))");
        writer.line("loss = torch.mul(" + writer.name(function.output(Objective.LOSS)) + ", scale)");
        writer.line("found = torch.autograd.grad([loss], [" + weights + "], None, None, False, False)");
        // A function without an optional input may not need every parameter; the others have a gradient of zero.
        String all = trainable.stream()
                .map(k -> reached.contains(k)
                        ? "found[" + reached.indexOf(k) + "]"
                        : "torch.zeros_like(" + stored(k) + ")")
                .collect(Collectors.joining(", "));
        writer.line("fresh = annotate(List[Optional[Tensor]], [" + all + "])");
        writer.line("first = torch.eq(torch.len(self.g), 0)");
        writer.line("sums = annotate(List[Tensor], [])");
        writer.line("for i in range(torch.len(fresh)):");
        writer.line("  one = torch.detach(unchecked_cast(Tensor, fresh[i]))");
        writer.line("  if first:");
        writer.line("    sum = one");
        writer.line("  else:");
        writer.line("    sum = torch.add(self.g[i], one)");
        writer.line("  _0 = torch.append(sums, sum)");
        writer.line("self.g = sums");
        writer.line("return [torch.detach(loss)]");
    }
}
