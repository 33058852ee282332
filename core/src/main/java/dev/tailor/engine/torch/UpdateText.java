package dev.tailor.engine.torch;

import dev.tailor.engine.Optimizer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the method that changes the parameters: gradients clipped by their common norm, as
 * {@code torch.nn.utils.clip_grad_norm_} does, then the optimizer's rule.
 */
final class UpdateText {
    private final Optimizer optimizer;

    UpdateText(Optimizer optimizer) {
        this.optimizer = optimizer;
    }

    /** The attributes that hold what the optimizer remembers. */
    List<String> kinds() {
        if (optimizer instanceof Optimizer.AdamW) {
            return List.of("m", "v");
        }
        return optimizer instanceof Optimizer.Sgd sgd && sgd.momentum() == 0 ? List.of() : List.of("m");
    }

    /** Statements that forget gradients and moments. */
    String forget(List<String> weights) {
        String zeros = weights.stream().map(w -> "torch.zeros_like(" + w + ")").collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder("    self.g = annotate(List[Tensor], [])\n");
        kinds().forEach(k -> text.append("    self.").append(k).append(" = annotate(List[Tensor], [" + zeros + "])\n"));
        return text.toString();
    }

    /** The method that gives the moments themselves, kind after kind, and forgets gradients. */
    String moments() {
        StringBuilder text = new StringBuilder("""
                  def moments(self: __torch__.Net,
                    unused: Tensor) -> List[Tensor]:
                    self.g = annotate(List[Tensor], [])
                    all = annotate(List[Tensor], [])
                """);
        for (String kind : kinds()) {
            text.append("    ").append(kind).append(" = self.").append(kind).append('\n');
            text.append("    for i in range(torch.len(").append(kind).append(")):\n");
            text.append("      _0 = torch.append(all, ").append(kind).append("[i])\n");
        }
        return text.append("    return all\n").toString();
    }

    /** A method that copies values into the tensors of some attributes, one attribute after the other. */
    static String copy(String name, List<String> attributes) {
        StringBuilder text =
                new StringBuilder("  def " + name + "(self: __torch__.Net,\n    w: List[Tensor]) -> List[Tensor]:\n"
                        + "    self.g = annotate(List[Tensor], [])\n    at = 0\n");
        for (String attribute : attributes) {
            text.append("    to_")
                    .append(attribute)
                    .append(" = self.")
                    .append(attribute)
                    .append('\n');
            text.append("    for i in range(torch.len(to_").append(attribute).append(")):\n");
            text.append("      one = to_").append(attribute).append("[i]\n");
            text.append("      _0 = torch.copy_(one, torch.reshape_as(w[torch.add(at, i)], one))\n");
            text.append("    at = torch.add(at, torch.len(to_")
                    .append(attribute)
                    .append("))\n");
        }
        return text.append("    return w\n").toString();
    }

    /** How many numbers the method's {@code table} has for each parameter. */
    static final int COLUMNS = 4;

    /** The numbers for one parameter: whether it takes part, and what the rule needs. */
    double[] row(double rate, double decay, int updates) {
        if (Double.isNaN(rate)) {
            return new double[COLUMNS];
        }
        if (optimizer instanceof Optimizer.AdamW) {
            return new double[] {1, decay, rate, updates};
        } else if (optimizer instanceof Optimizer.Lion) {
            return new double[] {1, 1 - rate * decay, rate, 0};
        }
        return new double[] {1, decay, rate, 0};
    }

    /** The method. */
    String method(List<String> weights) {
        return """
                  def update(self: __torch__.Net,
                    table: Tensor,
                    options: Tensor) -> List[Tensor]:
                    w = self.w
                    p = annotate(List[Tensor], [%s])
                    g = self.g
                %s    limit = float(torch.item(torch.select(options, 0, 0)))
                    norms = annotate(List[Tensor], [])
                    done = annotate(List[Tensor], [])
                    for i in range(torch.len(g)):
                      if torch.gt(float(torch.item(torch.select(torch.select(table, 0, i), 0, 0))), 0.5):
                        _0 = torch.append(norms, torch.norm(g[i]))
                      else:
                        pass
                    norm = torch.norm(torch.stack(norms))
                    factor = torch.clamp(torch.div(limit, torch.add(norm, 9.9999999999999995e-07)), None, 1.)
                    for i in range(torch.len(g)):
                      row = torch.select(table, 0, i)
                      if torch.gt(float(torch.item(torch.select(row, 0, 0))), 0.5):
                        one = float(torch.item(torch.select(row, 0, 1)))
                        two = float(torch.item(torch.select(row, 0, 2)))
                %s      else:
                        pass
                    self.g = torch.slice(done, 0, 0, 1)
                    return [norm]
                """.formatted(
                String.join(", ", weights),
                kinds().stream().map(k -> "    " + k + " = self." + k + "\n").collect(Collectors.joining()),
                rule().lines().map(l -> "        " + l + "\n").collect(Collectors.joining()));
    }

    /** What happens to parameter {@code p[i]} with the clipped gradient {@code d}. */
    private String rule() {
        if (optimizer instanceof Optimizer.AdamW adam) {
            // One pass over the memory instead of a dozen. It reads storages as they lie, so a gradient must be
            // contiguous.
            // libtorch takes a call for dead whose lists nobody reads afterwards, although it writes into their
            // tensors.
            return """
                    updates = torch.to(torch.select(row, 0, 3), 6)
                    d = torch.contiguous(g[i])
                    none = annotate(List[Tensor], [])
                    one_p = [p[i]]
                    one_m = [m[i]]
                    one_v = [v[i]]
                    _1 = torch._fused_adamw_(one_p, [d], one_m, one_v, none, [updates], lr=two, beta1=%s, beta2=%s, \
                    weight_decay=one, eps=%s, amsgrad=False, maximize=False, grad_scale=torch.reciprocal(factor), \
                    found_inf=None)
                    _2 = torch.append(done, one_p[0])
                    _3 = torch.append(done, one_m[0])
                    _4 = torch.append(done, one_v[0])
                    """.formatted(
                    Operators.number(adam.beta1()), Operators.number(adam.beta2()), Operators.number(adam.epsilon()));
        } else if (optimizer instanceof Optimizer.Lion lion) {
            return """
                    d = torch.mul(g[i], factor)
                    step = torch.sign(torch.add(torch.mul(m[i], %s), torch.mul(d, %s)))
                    _1 = torch.mul_(p[i], one)
                    _2 = torch.sub_(p[i], step, alpha=two)
                    _3 = torch.lerp_(m[i], d, %s)
                    """.formatted(lion.beta1(), 1 - lion.beta1(), 1 - lion.beta2());
        }
        Optimizer.Sgd sgd = (Optimizer.Sgd) optimizer;
        String decayed = "d = torch.mul(g[i], factor)\nd1 = torch.add(d, p[i], alpha=one)\n";
        if (sgd.momentum() == 0) {
            return decayed + "_1 = torch.sub_(p[i], d1, alpha=two)\n";
        }
        String momentum = Operators.number(sgd.momentum());
        return decayed + "_1 = torch.add_(torch.mul_(m[i], " + momentum + "), d1)\n"
                + (sgd.nesterov() ? "step = torch.add(d1, m[i], alpha=" + momentum + ")\n" : "step = m[i]\n")
                + "_2 = torch.sub_(p[i], step, alpha=two)\n";
    }
}
