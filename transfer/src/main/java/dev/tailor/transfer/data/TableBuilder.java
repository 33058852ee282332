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
    private final Path file;
    private final List<String> texts = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final Map<String, String> distinct = new HashMap<>();
    private final IntStream.Builder rows = IntStream.builder();
    private final RowProblems problems;

    TableBuilder(Path file) {
        this.file = file;
        this.problems = new RowProblems(file, "row");
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
        problems.add(row, what);
    }

    TextTable build() {
        problems.refuse();
        if (texts.isEmpty()) {
            throw new TailorException(file + " has no rows");
        }
        return new TextTable(file, texts, labels, rows.build().toArray());
    }
}
