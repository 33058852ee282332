package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.program.Adapter;
import dev.tailor.program.AdapterTargets;
import dev.tailor.program.Architecture;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the modules of a network that an adapter changes, and those of its head, which are trained whole. */
final class AdapterPlan {
    private static final String WEIGHT = ".weight";

    private AdapterPlan() {}

    static Adapter of(Strategy.Lora lora, Program program, Architecture architecture, String model) {
        Map<String, Op> modules = modules(program);
        List<String> trained = heads(program, architecture);
        AdapterTargets targets = targets(lora, modules, architecture);
        Adapter adapter = new Adapter(
                lora.rank(), lora.alpha(), lora.rootScaled(), lora.dropout(), targets, trained, Map.of(), Map.of());
        List<String> changed =
                modules.keySet().stream().filter(adapter::changes).toList();
        if (changed.isEmpty()) {
            throw new TailorException(
                    model + ": no module matches the adapter's targets " + targets + "; there are " + modules.keySet());
        }
        List<String> grouped = changed.stream()
                .filter(m -> modules.get(m) instanceof Op.Conv2d conv && conv.groups() > 1)
                .toList();
        if (!grouped.isEmpty()) {
            throw new TailorException(model + ": convolutions in groups cannot have an adapter that is merged later: "
                    + grouped + "; leave them out of the targets");
        }
        return adapter;
    }

    private static AdapterTargets targets(Strategy.Lora lora, Map<String, Op> modules, Architecture architecture) {
        AdapterTargets asked = lora.targets();
        if (!asked.names().isEmpty() || !asked.pattern().isEmpty()) {
            return asked;
        } else if (!architecture.adapterTargets().isEmpty()) {
            return AdapterTargets.of(architecture.adapterTargets());
        }
        // As QLoRA's authors found (Dettmers et al. 2023, arXiv 2305.14314), all layers together do best.
        return AdapterTargets.of(modules.entrySet().stream()
                .filter(e -> !(e.getValue() instanceof Op.Embedding))
                .filter(e -> !(e.getValue() instanceof Op.Conv2d conv && conv.groups() > 1))
                .map(Map.Entry::getKey)
                .filter(module -> !within(module, architecture.headKeys()))
                .toList());
    }

    /** Modules that can have an adapter, with the operation that reads their weight. */
    private static Map<String, Op> modules(Program program) {
        Map<String, Op> modules = new LinkedHashMap<>();
        for (Value node : program.main().nodes()) {
            boolean fits = node.op() instanceof Op.Linear
                    || node.op() instanceof Op.Conv2d
                    || node.op() instanceof Op.Embedding;
            if (fits
                    && node.inputs().get(1).op() instanceof Op.Weight weight
                    && weight.key().endsWith(WEIGHT)) {
                String key = weight.key();
                modules.put(key.substring(0, key.length() - WEIGHT.length()), node.op());
            }
        }
        return modules;
    }

    /**
     * The modules that no pretrained weights stand behind: those of a new task's head, each as a whole. PEFT adds {@code classifier}
     * by itself and cannot load an adapter that names the layers within it as well.
     */
    private static List<String> heads(Program program, Architecture architecture) {
        List<String> outside = architecture.outerHeadKeys();
        Set<String> modules = new LinkedHashSet<>();
        program.weights().forEach((key, spec) -> {
            int dot = key.lastIndexOf('.');
            Optional<String> head =
                    outside.stream().filter(path -> key.startsWith(path + ".")).findFirst();
            if (head.isPresent()) {
                modules.add(head.get());
            } else if (dot > 0 && (spec.isNew() || within(key, outside))) {
                modules.add(key.substring(0, dot));
            }
        });
        return new ArrayList<>(modules);
    }

    private static boolean within(String key, List<String> paths) {
        return paths.stream().anyMatch(path -> key.equals(path) || key.startsWith(path + "."));
    }
}
