package dev.tailor.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How well predicted tags match the true ones, counted by entities: one is right when its type, its first and its last word
 * are. The numbers are those of seqeval in its default mode, and of the conlleval script; a ratio whose denominator is 0 counts as
 * 0. Tags without prefixes, such as parts of speech, count word by word. Immutable; {@link #toString} prints the table.
 *
 * @param types one row for each type that occurs or is predicted, by name
 * @param micro over all entities
 * @param macro the mean of the types, each counted alike
 * @param weighted the mean of the types, each counted by its support
 * @param accuracy the share of words with the right tag, 0 to 1
 * @param sentences how many sentences
 * @param words how many words
 */
public record TaggingEvaluation(
        List<ClassMetrics> types,
        ClassMetrics micro,
        ClassMetrics macro,
        ClassMetrics weighted,
        double accuracy,
        int sentences,
        int words)
        implements Evaluation {

    /** Copies the types. */
    public TaggingEvaluation {
        types = List.copyOf(types);
    }

    /**
     * Compares tags, sentence by sentence.
     *
     * @throws IllegalArgumentException if there is no word, the lengths differ, or some tags have prefixes and others none
     */
    public static TaggingEvaluation of(List<List<String>> truth, List<List<String>> predicted) {
        check(truth, predicted);
        Set<String> tags = new HashSet<>();
        truth.forEach(tags::addAll);
        predicted.forEach(tags::addAll);
        boolean entities = Chunks.areOfEntities(tags);
        // By type: true, predicted, and both.
        Map<String, int[]> counts = new TreeMap<>();
        int words = 0;
        int right = 0;
        for (int s = 0; s < truth.size(); s++) {
            Set<Chunks.Chunk> real = Chunks.of(s, truth.get(s), entities);
            Set<Chunks.Chunk> found = Chunks.of(s, predicted.get(s), entities);
            real.forEach(c -> count(counts, c, 0));
            found.forEach(c -> count(counts, c, 1));
            found.stream().filter(real::contains).forEach(c -> count(counts, c, 2));
            for (int i = 0; i < truth.get(s).size(); i++) {
                right += truth.get(s).get(i).equals(predicted.get(s).get(i)) ? 1 : 0;
            }
            words += truth.get(s).size();
        }
        return of(counts, (double) right / words, truth.size(), words);
    }

    private static TaggingEvaluation of(Map<String, int[]> counts, double accuracy, int sentences, int words) {
        int[] all = new int[3];
        List<ClassMetrics> types = new ArrayList<>();
        counts.forEach((type, c) -> {
            types.add(Averages.metrics(type, c));
            for (int i = 0; i < all.length; i++) {
                all[i] += c[i];
            }
        });
        ClassMetrics micro = Averages.metrics("micro avg", all);
        return new TaggingEvaluation(
                types,
                micro,
                Averages.macro(types, micro.support()),
                Averages.weighted(types, micro.support()),
                accuracy,
                sentences,
                words);
    }

    private static void count(Map<String, int[]> counts, Chunks.Chunk chunk, int column) {
        counts.computeIfAbsent(chunk.type(), k -> new int[3])[column]++;
    }

    private static void check(List<List<String>> truth, List<List<String>> predicted) {
        if (truth.size() != predicted.size()) {
            throw new IllegalArgumentException("Each sentence needs its true and its predicted tags, found "
                    + truth.size() + " and " + predicted.size());
        }
        for (int i = 0; i < truth.size(); i++) {
            if (truth.get(i).size() != predicted.get(i).size()) {
                throw new IllegalArgumentException(
                        "Sentence " + i + " has " + truth.get(i).size() + " true tags and "
                                + predicted.get(i).size() + " predicted ones");
            }
        }
        if (truth.stream().allMatch(List::isEmpty)) {
            throw new IllegalArgumentException("Nothing to evaluate: there are no words");
        }
    }

    /** The types of entities among tags, or the tags themselves where they have no prefixes. */
    public static Set<String> types(Set<String> tags) {
        if (!Chunks.areOfEntities(tags)) {
            return Set.copyOf(tags);
        }
        Set<String> types = new TreeSet<>();
        tags.stream().filter(t -> !t.equals(WordTags.OUTSIDE)).forEach(t -> types.add(t.substring(2)));
        return Collections.unmodifiableSet(types);
    }

    /** F1 over all entities. */
    @Override
    public double score() {
        return micro.f1();
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("f1", micro.f1());
        all.put("precision", micro.precision());
        all.put("recall", micro.recall());
        all.put("macro_f1", macro.f1());
        all.put("weighted_f1", weighted.f1());
        all.put("accuracy", accuracy);
        return all;
    }

    /** A row for each type, then the averages. */
    @Override
    public String toString() {
        return MetricsTable.render(types, List.of(micro, macro, weighted)) + "\nword accuracy "
                + String.format(Locale.ROOT, "%.3f", accuracy) + " (" + words + " words, " + sentences
                + " sentences)\n";
    }
}
