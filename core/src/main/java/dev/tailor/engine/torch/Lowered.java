package dev.tailor.engine.torch;

import dev.tailor.program.TracedModel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A model written for a target, with what tells its parts from those of other models. Needs no natives.
 *
 * @param target what it was written for
 * @param text the text
 * @param module the module that computes everything itself
 * @param stored the tensors in files
 * @param meanings the names of what the module keeps whose meaning is certain, with it
 * @param cuts how batches may be cut, by the names of functions
 */
record Lowered(
        Target target,
        InferenceText text,
        TorchModuleText module,
        Map<String, StoredFiles.Tensor> stored,
        Map<String, String> meanings,
        Map<String, BatchCut> cuts) {

    static Lowered of(TracedModel model, Target target) {
        Map<String, String> conversions = BoundWeights.conversions(model, target.floats());
        InferenceText text = InferenceText.of(model.program(), conversions, target);
        Map<String, StoredFiles.Tensor> stored = StoredFiles.of(model);
        Map<String, String> meanings = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        text.kept().forEach(name -> text.meaning(name, stored).filter(seen::add).ifPresent(m -> meanings.put(name, m)));
        Map<String, BatchCut> cuts = new HashMap<>();
        if (target.packs()) {
            model.program().functions().forEach(f -> BatchCut.of(f).ifPresent(cut -> cuts.put(f.name(), cut)));
        }
        return new Lowered(target, text, text.module(), stored, meanings, cuts);
    }
}
