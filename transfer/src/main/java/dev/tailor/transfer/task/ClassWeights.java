package dev.tailor.transfer.task;

import dev.tailor.TailorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What each class weighs in the loss. */
final class ClassWeights {
    private ClassWeights() {}

    /**
     * By the class's id; empty for equal ones.
     *
     * @param counts how often each label occurs
     */
    static List<Double> of(String model, LossOptions loss, Labels labels, Map<String, Integer> counts) {
        if (!loss.balanced() && loss.classWeights().isEmpty()) {
            return List.of();
        }
        List<String> strange = loss.classWeights().keySet().stream()
                .filter(l -> !labels.names().contains(l))
                .sorted()
                .toList();
        if (!strange.isEmpty()) {
            throw new TailorException(model + ": there are weights for the classes " + strange
                    + ", but the training data has " + labels.names());
        }
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        List<Double> weights = new ArrayList<>();
        for (String name : labels.names()) {
            double own = loss.classWeights().getOrDefault(name, 1.0);
            int count = Objects.requireNonNull(counts.getOrDefault(name, 1));
            double share = (double) all / (labels.names().size() * (double) count);
            weights.add(loss.balanced() ? own * share : own);
        }
        return weights;
    }
}
