package dev.tailor.transfer;

import dev.tailor.program.Adapter;
import dev.tailor.program.Architecture;
import dev.tailor.program.Program;
import dev.tailor.transfer.train.RateFactors;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Which parameters change, and how fast.
 *
 * @param name for a person
 * @param trainable by key
 * @param factors of the learning rate, by key and epoch
 */
record Plan(String name, Predicate<String> trainable, RateFactors factors) {

    static Plan of(Strategy strategy, Program program, Architecture architecture) {
        Map<String, Integer> distances = LayerGroups.of(program, architecture).distances();
        if (strategy instanceof Strategy.FullFineTuning full) {
            String name = full.layerDecay() == 1 ? "full fine-tuning" : "full fine-tuning with layer-wise rates";
            return new Plan(name, key -> true, (key, epoch) -> Math.pow(full.layerDecay(), distance(distances, key)));
        } else if (strategy instanceof Strategy.LastLayers last) {
            String name = last.groups() == 0 ? "head only" : "head and last " + last.groups() + " layer groups";
            return new Plan(name, key -> distance(distances, key) <= last.groups(), (key, epoch) -> 1);
        } else if (strategy instanceof Strategy.GradualUnfreezing) {
            return new Plan(
                    "gradual unfreezing",
                    key -> true,
                    (key, epoch) -> distance(distances, key) < epoch ? 1 : Double.NaN);
        } else if (strategy instanceof Strategy.BitFit) {
            return new Plan("BitFit", key -> key.endsWith("bias") || distance(distances, key) == 0, (key, epoch) -> 1);
        }
        throw new IllegalArgumentException(strategy + " has no plan of its own");
    }

    static Plan of(Adapter adapter) {
        return new Plan("LoRA of rank " + adapter.rank(), adapter::trains, (key, epoch) -> 1);
    }

    private static int distance(Map<String, Integer> distances, String key) {
        return Objects.requireNonNull(distances.getOrDefault(key, 0));
    }
}
