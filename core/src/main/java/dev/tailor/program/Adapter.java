package dev.tailor.program;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Low-rank adaptation (Hu et al. 2021, arXiv 2106.09685): the change of a module's weight is the product of two thin matrices,
 * {@code scale * B A}. After PEFT's {@code tuners/lora}; the thin matrices bear its names, {@code lora_A.weight} and {@code
 * lora_B.weight} behind the module's path.
 *
 * @param rank the inner width
 * @param alpha the scale times the rank, or times its root
 * @param rootScaled whether the scale is {@code alpha / sqrt(rank)} (Kalajdzievski 2023, arXiv 2312.03732)
 * @param dropout by which the input of the change is thinned out while training
 * @param targets which modules change
 * @param trained ends of the names of modules that are trained and stored as a whole, such as a new head
 * @param ranks other ranks, by a pattern for the end of a module's path
 * @param alphas other alphas, in the same way
 */
public record Adapter(
        int rank,
        double alpha,
        boolean rootScaled,
        double dropout,
        AdapterTargets targets,
        List<String> trained,
        Map<String, Integer> ranks,
        Map<String, Double> alphas) {

    /** Checks the ranges. */
    public Adapter {
        if (rank < 1 || ranks.values().stream().anyMatch(r -> r < 1)) {
            throw new IllegalArgumentException(
                    "the rank of an adapter must be at least 1, found " + rank + " and " + ranks);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("the dropout of an adapter must be in [0, 1), found " + dropout);
        }
        trained = List.copyOf(trained);
        ranks = Map.copyOf(ranks);
        alphas = Map.copyOf(alphas);
    }

    /** Whether a key is one of an adapter's thin matrices. */
    public static boolean owns(String key) {
        return key.contains(".lora_");
    }

    /** Whether training an adapter changes this weight. */
    public boolean trains(String key) {
        if (owns(key)) {
            return true;
        }
        // A module that is trained whole takes those within it along.
        for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
            if (isTrainedWhole(key.substring(0, dot))) {
                return true;
            }
        }
        return false;
    }

    /** As PEFT has it, the end of the name decides: {@code pre_classifier} is meant by {@code classifier}, too. */
    private boolean isTrainedWhole(String module) {
        return trained.stream().anyMatch(module::endsWith);
    }

    /** Whether a module's weight is changed. */
    public boolean changes(String module) {
        boolean whole =
                trained.stream().anyMatch(t -> Pattern.matches("(^|.*\\.)" + Pattern.quote(t) + "($|\\..*)", module));
        return !whole && targets.matches(module);
    }

    int rank(String module) {
        return ranks.entrySet().stream()
                .filter(e -> Pattern.matches("(.*\\.)?(" + e.getKey() + ")", module))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(rank);
    }

    /** The factor of the change of a module. */
    public double scale(String module) {
        double own = alphas.entrySet().stream()
                .filter(e -> Pattern.matches("(.*\\.)?(" + e.getKey() + ")", module))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(alpha);
        int r = rank(module);
        return rootScaled ? own / Math.sqrt(r) : own / r;
    }
}
