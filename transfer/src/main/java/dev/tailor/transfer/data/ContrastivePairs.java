package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import dev.tailor.task.Likeness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Makes many pairs of few labelled texts, to fit an embedder before a classifier: texts of one label shall be alike, of two labels
 * unlike. After SetFit (Tunstall et al. 2022, arXiv 2209.11055).
 */
public final class ContrastivePairs {
    private ContrastivePairs() {}

    /**
     * Draws for each text, {@code iterations} times, one of the same label with score 1 and one of another label with score 0.
     *
     * @param data texts with labels; all are kept in memory
     * @param iterations at least 1; 20 in the paper
     * @param seed the same seed gives the same pairs
     * @return {@code 2 * iterations} pairs for each text; a text that is the only one of its label is paired with itself
     * @throws TailorException if there are fewer than two labels
     */
    public static Dataset<String, Likeness> of(Dataset<String, String> data, int iterations, long seed) {
        if (iterations < 1) {
            throw new IllegalArgumentException("iterations must be at least 1, found " + iterations);
        }
        Map<String, List<Integer>> members = new LinkedHashMap<>();
        for (int i = 0; i < data.size(); i++) {
            members.computeIfAbsent(data.target(i), k -> new ArrayList<>()).add(i);
        }
        if (members.size() < 2) {
            throw new TailorException("Contrastive pairs need texts of at least two labels, found " + members.keySet());
        }
        List<String> texts = data.inputs();
        SplittableRandom random = new SplittableRandom(seed);
        List<Example<String, Likeness>> pairs = new ArrayList<>();
        for (int round = 0; round < iterations; round++) {
            for (int i = 0; i < texts.size(); i++) {
                List<Integer> own = members.getOrDefault(data.target(i), List.of());
                pairs.add(pair(texts, i, alike(i, own, random), 1));
                pairs.add(pair(texts, i, unlike(i, data, random), 0));
            }
        }
        return Dataset.of(pairs);
    }

    private static int alike(int text, List<Integer> own, SplittableRandom random) {
        if (own.size() == 1) {
            return text;
        }
        // One place less, and the last stands in for the text itself.
        int drawn = own.get(random.nextInt(own.size() - 1));
        return drawn == text ? own.get(own.size() - 1) : drawn;
    }

    private static int unlike(int text, Dataset<String, String> data, SplittableRandom random) {
        int drawn = random.nextInt(data.size());
        while (data.target(drawn).equals(data.target(text))) {
            drawn = random.nextInt(data.size());
        }
        return drawn;
    }

    private static Example<String, Likeness> pair(List<String> texts, int first, int second, double score) {
        return Example.of(texts.get(first), new Likeness.Scored(texts.get(second), score));
    }
}
