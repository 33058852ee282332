package dev.tailor.transfer.search;

import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** All trials of a search. {@code toString} prints them as a table, best first. Immutable. */
public final class SearchResult {
    private final SearchSpace space;
    private final List<TrialResult> trials;

    SearchResult(SearchSpace space, List<TrialResult> trials) {
        this.space = space;
        this.trials = List.copyOf(trials);
    }

    /** In their order. */
    public List<TrialResult> trials() {
        return trials;
    }

    /** Completed ones first, then by their losses. */
    public List<TrialResult> ranked() {
        return trials.stream()
                .sorted(Comparator.comparing(TrialResult::state).thenComparingDouble(TrialResult::loss))
                .toList();
    }

    /**
     * The completed trial with the smallest loss.
     *
     * @throws TailorException if none was completed; the message tells why the first one failed
     */
    public TrialResult best() {
        TrialResult first = ranked().get(0);
        if (first.state() != TrialResult.State.COMPLETE) {
            throw new TailorException("No trial was completed; trial " + first.number() + " is " + first.state()
                    + (first.message().isEmpty() ? "" : ": " + first.message()));
        }
        return first;
    }

    /**
     * Writes a picture of parallel coordinates as a web page of its own: a line for each trial through its settings to its loss.
     *
     * @throws TailorException if the file cannot be written
     */
    public void write(Path file) {
        try {
            AtomicFiles.write(file, ParallelCoordinates.html(space, ranked()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException("Cannot write " + file + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(
                String.format("%-6s %-9s %10s %7s  %s%n", "trial", "state", "loss", "epochs", "settings"));
        for (TrialResult trial : ranked()) {
            out.append(String.format(
                    Locale.ROOT,
                    "%-6d %-9s %10.5f %7d  %s%n",
                    trial.number(),
                    trial.state().name().toLowerCase(Locale.ROOT),
                    trial.loss(),
                    trial.losses().size(),
                    trial.values()));
        }
        return out.toString();
    }
}
