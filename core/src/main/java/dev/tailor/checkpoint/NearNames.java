package dev.tailor.checkpoint;

import dev.tailor.internal.Levenshtein;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names most like one that is not there. */
final class NearNames {
    private static final int SHOWN = 3;

    private NearNames() {}

    static CheckpointException missing(String name, Collection<String> names, String where) {
        List<String> near = near(name, names);
        return new CheckpointException(
                where,
                name,
                "There is no tensor " + Problems.shorten(name) + " in " + where
                        + (near.isEmpty() ? ", which holds none" : "; near it: " + String.join(", ", near)),
                null);
    }

    private static List<String> near(String name, Collection<String> names) {
        record Candidate(String name, int distance) {}
        return names.stream()
                .map(known -> new Candidate(
                        Problems.shorten(known), Levenshtein.distance(Problems.shorten(name), Problems.shorten(known))))
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(SHOWN)
                .map(Candidate::name)
                .toList();
    }
}
