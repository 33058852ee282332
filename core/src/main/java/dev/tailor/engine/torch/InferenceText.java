package dev.tailor.engine.torch;

import dev.tailor.engine.BatchNormFolding;
import dev.tailor.engine.DropoutRemoval;
import dev.tailor.program.Program;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the inference variant: {@code bind} computes once everything that depends on weights alone (conversions, folded
 * normalisations, packed layers) and keeps what the functions use; each function then runs on that.
 */
final class InferenceText {
    private final BindText bind;
    private final List<String> methods = new ArrayList<>();
    private final Set<String> packing = new HashSet<>();

    private InferenceText(BindText bind) {
        this.bind = bind;
    }

    /**
     * Writes the module.
     *
     * @param conversions for each weight, by key, the expression that makes of {@code %s} a tensor of the right type and shape
     */
    static InferenceText of(Program program, Map<String, String> conversions, Target target) {
        InferenceText text = new InferenceText(new BindText(program, conversions, target));
        for (Program.Function function : program.functions()) {
            Program.Function lean = SharedMasks.apply(BatchNormFolding.apply(DropoutRemoval.apply(function)));
            // Where weights are not packed anyway, joining them would only copy what is mapped.
            lean = target.packs() ? JoinedLinears.apply(lean) : lean;
            List<String> written = FunctionText.of(lean, text.bind, target);
            text.methods.addAll(written);
            if (written.size() > 1) {
                text.packing.add(function.name());
            }
        }
        return text;
    }

    /** The module that computes everything itself. */
    TorchModuleText module() {
        return module(Set.of());
    }

    /**
     * The module.
     *
     * @param ready those of {@link #kept} that {@code bind} finds behind the weights, in this order, instead of computing them
     */
    TorchModuleText module(Set<String> ready) {
        List<String> all = new ArrayList<>(List.of(bind.method(ready)));
        all.addAll(methods);
        return new TorchModuleText(List.of("w"), bind.hasContexts() ? List.of("c") : List.of(), all);
    }

    /** The functions that run faster on {@link ShapePacks}. */
    Set<String> packing() {
        return packing;
    }

    /** What the functions use, in the order in which {@code bind} returns it. */
    List<String> kept() {
        return bind.kept();
    }

    /** What tells a name of {@code bind} from all others, where every weight under it is known. */
    Optional<String> meaning(String name, Map<String, StoredFiles.Tensor> stored) {
        return bind.meaning(name, stored);
    }

    /** The weights whose memory a name of {@code bind} may share. */
    Set<String> views(String name) {
        return bind.views(name);
    }

    /** The weights whose memory the contexts of convolutions may hold. */
    Set<String> viewsOfContexts() {
        return bind.viewsOfContexts();
    }

    /** Whether what {@code bind} keeps may be a view of a weight's memory, so that this must stay. */
    boolean borrows(String key) {
        return bind.viewsOfContexts().contains(key)
                || kept().stream().anyMatch(name -> views(name).contains(key));
    }
}
