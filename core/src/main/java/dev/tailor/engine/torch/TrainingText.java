package dev.tailor.engine.torch;

import dev.tailor.engine.DropoutRemoval;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Writes the training variant: nothing is folded, the weights are plain float tensors that the caller binds, and there is for
 * each function one method that evaluates, one that runs in training mode, and one that also takes gradients.
 */
final class TrainingText {
    private final Program program;
    private final String device;
    private final List<String> keys;
    private final Map<String, Integer> positions = new HashMap<>();

    TrainingText(Program program, String device) {
        this.program = program;
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
     * Writes the module.
     *
     * @param conversions see {@link BoundWeights#conversions}
     * @param trainable the keys of the parameters that take gradients, in order
     */
    TorchModuleText write(Map<String, String> conversions, List<String> trainable) {
        List<String> methods = new ArrayList<>(List.of(convert(conversions), adopt(trainable)));
        for (Program.Function function : program.functions()) {
            methods.add(method(evaluate(function), function, false, List.of()));
            methods.add(method(run(function), function, true, List.of()));
            if (!trainable.isEmpty() && function.outputs().containsKey("logits")) {
                methods.add(method(step(function), function, true, trainable));
            }
        }
        methods.add(update(trainable));
        return new TorchModuleText(List.of("w", "g", "m", "v"), methods);
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

    private String adopt(List<String> trainable) {
        String moments = trainable.stream()
                .map(k -> "torch.zeros_like(" + stored(k) + ")")
                .collect(Collectors.joining(", "));
        return "  def adopt(self: __torch__.Net,\n    w: List[Tensor]) -> List[Tensor]:\n    self.w = w\n"
                + "    self.g = annotate(List[Tensor], [])\n"
                + "    self.m = annotate(List[Tensor], [" + moments + "])\n"
                + "    self.v = annotate(List[Tensor], [" + moments + "])\n    return w\n";
    }

    private String method(String name, Program.Function function, boolean training, List<String> trainable) {
        Program.Function traced = training ? function : DropoutRemoval.apply(function);
        StringBuilder body = new StringBuilder();
        MethodWriter writer = new MethodWriter(body, Types.FLOAT32, device, training);
        writer.line("w = self.w");
        traced.inputs().forEach(v -> writer.argument(v, Types.FLOAT32));
        for (Value node : traced.nodes()) {
            if (node.op() instanceof Op.Weight weight) {
                writer.name(node, stored(weight.key()));
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
            parameters.addAll(List.of("labels", "options"));
            gradients(writer, function, trainable);
        }
        return MethodWriter.signature(name, parameters) + body;
    }

    /** The keys of the weights that the logits need. */
    static List<String> reached(Program.Function function) {
        Value logits = Objects.requireNonNull(function.outputs().get("logits"));
        return new Program.Function(function.name(), function.inputs(), Map.of("logits", logits), Map.of())
                .weightKeys();
    }

    /** The mean cross entropy of the logits, and its gradients added to those since the last update. */
    private void gradients(MethodWriter writer, Program.Function function, List<String> trainable) {
        Value logits = function.output("logits");
        List<String> reached =
                reached(function).stream().filter(trainable::contains).toList();
        String weights = reached.stream().map(this::stored).collect(Collectors.joining(", "));
        writer.line("smoothing = float(torch.item(torch.select(options, 0, 0)))");
        writer.line("scale = float(torch.item(torch.select(options, 0, 1)))");
        writer.line("loss = torch.mul(torch.cross_entropy_loss(" + writer.name(logits)
                + ", labels, None, 1, -100, smoothing), scale)");
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

    /**
     * AdamW with gradients clipped by their common norm, as {@code torch.nn.utils.clip_grad_norm_} and
     * {@code torch.optim.AdamW} compute them. {@code table} has for each parameter: one minus rate times decay, rate over the
     * first bias correction, root of the second bias correction.
     */
    private String update(List<String> trainable) {
        String weights = trainable.stream().map(this::stored).collect(Collectors.joining(", "));
        return """
          def update(self: __torch__.Net,
            table: Tensor,
            options: Tensor) -> List[Tensor]:
            w = self.w
            p = annotate(List[Tensor], [%s])
            g = self.g
            m = self.m
            v = self.v
            beta1 = float(torch.item(torch.select(options, 0, 0)))
            beta2 = float(torch.item(torch.select(options, 0, 1)))
            epsilon = float(torch.item(torch.select(options, 0, 2)))
            limit = float(torch.item(torch.select(options, 0, 3)))
            norms = annotate(List[Tensor], [])
            for i in range(torch.len(g)):
              _0 = torch.append(norms, torch.norm(g[i]))
            norm = torch.norm(torch.stack(norms))
            factor = torch.clamp(torch.div(limit, torch.add(norm, 9.9999999999999995e-07)), None, 1.)
            for i in range(torch.len(g)):
              row = torch.select(table, 0, i)
              shrink = float(torch.item(torch.select(row, 0, 0)))
              rate = float(torch.item(torch.select(row, 0, 1)))
              root = float(torch.item(torch.select(row, 0, 2)))
              d = torch.mul(g[i], factor)
              _1 = torch.mul_(p[i], shrink)
              _2 = torch.lerp_(m[i], d, torch.sub(1, beta1))
              _3 = torch.addcmul_(torch.mul_(v[i], beta2), d, d, value=torch.sub(1, beta2))
              below = torch.add(torch.div(torch.sqrt(v[i]), root), epsilon)
              _4 = torch.addcdiv_(p[i], m[i], below, value=torch.neg(rate))
            self.g = annotate(List[Tensor], [])
            return [norm]
        """.formatted(weights).replaceAll("(?m)^ {8}", "");
    }
}
