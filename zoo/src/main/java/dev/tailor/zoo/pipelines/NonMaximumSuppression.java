package dev.tailor.zoo.pipelines;

import dev.tailor.task.Box;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keeps the best of boxes that mean the same object. */
final class NonMaximumSuppression {
    private NonMaximumSuppression() {}

    /**
     * A candidate.
     *
     * @param group only candidates of one group compete
     */
    record Candidate(Box box, double score, int group) {}

    /** The best first; each is followed by those that overlap no better one of its group by more than {@code most}. */
    static List<Candidate> best(List<Candidate> candidates, double most, int limit) {
        List<Candidate> open = new ArrayList<>(candidates);
        open.sort(Comparator.comparingDouble(Candidate::score).reversed());
        List<Candidate> kept = new ArrayList<>();
        for (Candidate next : open) {
            if (kept.size() == limit) {
                break;
            }
            if (kept.stream().noneMatch(k -> k.group == next.group && k.box.intersectionOverUnion(next.box) > most)) {
                kept.add(next);
            }
        }
        return kept;
    }
}
