package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.engine.DropoutRemoval;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Rewriter;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import dev.tailor.program.WeightSpec;
import dev.tailor.program.Weights;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network cut at its features: the backbone, which gives them, and the linear layer behind, which reads them.
 *
 * @param weight key of the layer's matrix
 * @param bias key of its bias
 */
record HeadModel(TracedModel backbone, TracedModel head, String weight, String bias) {

    /**
     * Cuts.
     *
     * @throws TailorException if the head is not one linear layer
     */
    static HeadModel of(TracedModel model, String id) {
        // A linear classifier on fixed features is fitted as it will be used: dropping features would only add noise.
        Program.Function tail =
                DropoutRemoval.apply(Rewriter.tail(model.program().main(), TracedModel.FEATURES));
        Value logits = tail.output("logits");
        boolean linear = logits.op() instanceof Op.Linear
                && logits.inputs().size() == 3
                && logits.inputs().get(0).op() instanceof Op.Input
                && logits.inputs().get(1).op() instanceof Op.Weight
                && logits.inputs().get(2).op() instanceof Op.Weight;
        if (!linear) {
            throw new TailorException(id + ": the head behind the features is not one linear layer with a bias;"
                    + " use Strategy.fullFineTuning()");
        }
        return new HeadModel(
                part(model, functionsOfFeatures(model.program())),
                part(model, List.of(tail)),
                ((Op.Weight) logits.inputs().get(1).op()).key(),
                ((Op.Weight) logits.inputs().get(2).op()).key());
    }

    private static List<Program.Function> functionsOfFeatures(Program program) {
        return program.functions().stream()
                .map(f -> new Program.Function(
                        f.name(), f.inputs(), Map.of(TracedModel.FEATURES, f.output(TracedModel.FEATURES)), f.limits()))
                .toList();
    }

    private static TracedModel part(TracedModel model, List<Program.Function> functions) {
        Map<String, WeightSpec> used = new LinkedHashMap<>();
        functions.forEach(f ->
                f.weightKeys().forEach(k -> used.put(k, model.program().weight(k))));
        return new TracedModel(new Program(used, functions), model.weights(), List.of());
    }

    void fold(Standardizer standardizer, Map<String, float[]> trained) {
        standardizer.fold(Objects.requireNonNull(trained.get(weight)), Objects.requireNonNull(trained.get(bias)));
    }

    /** How many classes the layer tells apart. */
    int classes() {
        return Math.toIntExact(head.program().weight(bias).elements());
    }

    /** All weights of the whole network as floats: the trained ones, and the rest as it was. */
    Map<String, float[]> complete(TracedModel model, Map<String, float[]> trained) {
        Map<String, float[]> all = new LinkedHashMap<>();
        Weights weights = model.weights();
        model.program().weights().forEach((key, spec) -> {
            float[] values = trained.get(key);
            all.put(key, values == null ? weights.floats(spec) : values);
        });
        return all;
    }
}
