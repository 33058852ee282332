package dev.tailor.program;

import dev.tailor.internal.Levenshtein;
import java.util.Collection;

/** Finds what somebody probably meant. */
final class Suggestions {
    private Suggestions() {}

    /** {@code " (is it X?)"} for the nearest candidate, or an empty text where none is near. */
    static String nearest(String wanted, Collection<String> candidates) {
        String best = "";
        int bestDistance = Math.max(3, wanted.length() / 3);
        // The quadratic comparison is only worth it for a handful; beyond that the lists themselves tell more.
        for (String candidate : candidates.stream().limit(500).toList()) {
            // A difference in length is a lower bound that costs nothing.
            if (Math.abs(wanted.length() - candidate.length()) < bestDistance) {
                int distance = Levenshtein.distance(wanted, candidate);
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return best.isEmpty() ? "" : " (is it \"" + best + "\"?)";
    }
}
