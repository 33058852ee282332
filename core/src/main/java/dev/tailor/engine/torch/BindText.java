package dev.tailor.engine.torch;

import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes the method {@code bind} of the inference variant: it computes once what depends on weights alone and keeps what
 * the functions use. Equal things are computed once for all functions.
 */
final class BindText implements LinearKernel.Maker {
    private final Target target;
    private final Map<String, String> conversions;
    private final Map<String, Integer> raw = new HashMap<>();
    private final StringBuilder lines = new StringBuilder();
    private final MethodWriter writer;
    /** Names by what they compute. */
    private final Map<String, String> computed = new HashMap<>();
    /** The names with how they are made, operands before their users. */
    private final Map<String, Made> made = new LinkedHashMap<>();
    /** The weights whose memory a name may share; packing and arithmetic always take memory of their own. */
    private final Map<String, Set<String>> views = new HashMap<>();
    /** The positions in the module's list of the names that functions use. */
    private final Map<String, Integer> kept = new LinkedHashMap<>();
    /** The positions of the contexts in the module's other list, by the expressions that make them. */
    private final Map<String, Integer> contexts = new LinkedHashMap<>();
    /** The names under the contexts. */
    private final Set<String> underContexts = new LinkedHashSet<>();

    /**
     * How a name is made.
     *
     * @param lines its statements
     * @param operands the names that they read
     * @param meaning what tells it from others: the operation, and what its operands mean
     */
    private record Made(String lines, List<String> operands, Meaning meaning) {}

    /**
     * Starts without statements.
     *
     * @param conversions for each weight, by key, the expression that makes of {@code %s} a tensor of the right type and shape
     */
    BindText(Program program, Map<String, String> conversions, Target target) {
        this.target = target;
        this.conversions = conversions;
        this.writer = new MethodWriter(lines, target.floats(), target.device(), false);
        program.weights().keySet().forEach(key -> raw.put(key, raw.size()));
    }

    /** The name of a weight. */
    String weight(String key) {
        String conversion = Objects.requireNonNull(conversions.get(key));
        String expression = String.format(conversion, "w[" + raw.get(key) + "]");
        return computed.computeIfAbsent(expression, e -> {
            String name = make(new Meaning.Stored(key, conversion), List.of(), () -> writer.local(e));
            views.put(name, Set.of(key));
            return name;
        });
    }

    /** The name of an operation's result. */
    String node(Value node, List<String> operands) {
        return computed.computeIfAbsent(node.op() + " of " + operands, signature -> {
            for (int i = 0; i < operands.size(); i++) {
                writer.name(node.inputs().get(i), operands.get(i));
            }
            String name = make(meaning(node.op().toString(), operands), operands, () -> {
                writer.node(node);
                return writer.name(node);
            });
            if (!(node.op() instanceof Op.Binary || node.op() instanceof Op.Concat)) {
                Set<String> shared = new HashSet<>();
                operands.forEach(o -> shared.addAll(views(o)));
                views.put(name, shared);
            }
            return name;
        });
    }

    /** The name of a convolution's weight with its channels last, which may share the memory of its operand. */
    String channelsLast(String weight) {
        String name = own("torch.contiguous(%s, memory_format=2)", weight);
        views.put(name, views(weight));
        return name;
    }

    @Override
    public String own(String template, String... operands) {
        List<String> all = List.of(operands);
        String expression = String.format(template, (Object[]) operands);
        return computed.computeIfAbsent(
                expression, e -> make(meaning(template, all), all, () -> writer.local(expression)));
    }

    private Meaning meaning(String operation, List<String> operands) {
        List<Meaning> meanings = operands.stream()
                .map(o -> Objects.requireNonNull(made.get(o)).meaning())
                .toList();
        return new Meaning.Computed(operation, meanings);
    }

    /** Writes lines and remembers how they make the name that is returned. */
    private String make(Meaning meaning, List<String> operands, Supplier<String> statement) {
        int from = lines.length();
        String name = statement.get();
        made.put(name, new Made(lines.substring(from), operands, meaning));
        return name;
    }

    /** How functions refer to a name. */
    String keep(String name) {
        return "w[" + kept.computeIfAbsent(name, n -> kept.size()) + "]";
    }

    /**
     * How functions refer to what packs a convolution for {@link ClampedConvolutions}.
     *
     * @param operands the names in the expression
     */
    String context(String expression, List<String> operands) {
        underContexts.addAll(operands);
        return "c[" + contexts.computeIfAbsent(expression, e -> contexts.size()) + "]";
    }

    /** Whether functions use contexts. */
    boolean hasContexts() {
        return !contexts.isEmpty();
    }

    /** What the functions use, in the order in which {@code bind} returns it. */
    List<String> kept() {
        return List.copyOf(kept.keySet());
    }

    /** What tells a name from all others, where every weight under it is known. */
    Optional<String> meaning(String name, Map<String, StoredFiles.Tensor> stored) {
        return Objects.requireNonNull(made.get(name))
                .meaning()
                .over(stored)
                .map(m -> target.floats() + " " + target.device() + " " + m);
    }

    /** The weights whose memory the contexts may hold. */
    Set<String> viewsOfContexts() {
        Set<String> all = new HashSet<>();
        underContexts.forEach(name -> all.addAll(views(name)));
        return all;
    }

    /** The weights whose memory a name may share. */
    Set<String> views(String name) {
        return views.getOrDefault(name, Set.of());
    }

    /**
     * The method.
     *
     * @param ready those of {@link #kept} that it finds behind the weights, in this order, instead of computing them
     */
    String method(Set<String> ready) {
        StringBuilder body = new StringBuilder();
        int position = raw.size();
        for (String name : ready) {
            body.append("    ").append(name).append(" = w[").append(position++).append("]\n");
        }
        Set<String> needed = needed(ready);
        made.forEach((name, how) -> body.append(needed.contains(name) ? how.lines() : ""));
        if (hasContexts()) {
            body.append("    c = self.c\n");
            contexts.keySet()
                    .forEach(e ->
                            body.append("    _ = torch.append(c, ").append(e).append(")\n"));
        }
        return "  def bind(self: __torch__.Net,\n    w: List[Tensor]) -> List[Tensor]:\n" + body + "    self.w = ["
                + String.join(", ", kept.keySet()) + "]\n    return self.w\n";
    }

    /** All names that must be computed where some are ready. */
    private Set<String> needed(Set<String> ready) {
        Set<String> needed = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(kept.keySet());
        open.addAll(underContexts);
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!ready.contains(name) && needed.add(name)) {
                open.addAll(Objects.requireNonNull(made.get(name)).operands());
            }
        }
        return needed;
    }
}
