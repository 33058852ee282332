package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Collects the rows of a table and what is wrong with them. */
final class TableBuilder {
    private static final int MOST_PROBLEMS = 5;

    private final Path file;
    private final List<String> texts = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final Map<String, String> distinct = new HashMap<>();
    private final IntStream.Builder rows = IntStream.builder();
    private final List<String> problems = new ArrayList<>();
    private int problemCount;

    TableBuilder(Path file) {
        this.file = file;
    }

    void add(String text, String label, int row) {
        String stripped = label.strip();
        if (stripped.isEmpty()) {
            problem(row, "has no label");
            return;
        }
        texts.add(text);
        // One string for each class, not for each row.
        labels.add(distinct.computeIfAbsent(stripped, key -> key));
        rows.add(row);
    }

    void problem(int row, String what) {
        problemCount++;
        if (problems.size() < MOST_PROBLEMS) {
            problems.add("row " + row + " " + what);
        }
    }

    TextTable build() {
        if (problemCount > 0) {
            int hidden = problemCount - problems.size();
            throw new TailorException(problemCount + " row" + (problemCount == 1 ? "" : "s") + " of " + file
                    + " cannot be used: " + String.join("; ", problems)
                    + (hidden > 0 ? "; and " + hidden + " more" : "")
                    + ". Correct or delete them.");
        }
        if (texts.isEmpty()) {
            throw new TailorException(file + " has no rows");
        }
        return new TextTable(file, texts, labels, rows.build().toArray());
    }
}
