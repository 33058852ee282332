package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the lines of a file in columns. */
final class ConllReader {
    private static final String DOCUMENT = "-DOCSTART-";

    private final Path file;
    private final int word;
    private final int tag;
    private final RowProblems problems;
    private final Map<String, String> distinct = new HashMap<>();
    private final List<Example<List<String>, List<String>>> sentences = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private boolean tabs;
    private int width;
    private int row;
    private int start;

    ConllReader(Path file, int word, int tag) {
        this.file = file;
        this.word = word;
        this.tag = tag;
        this.problems = new RowProblems(file, "line");
    }

    void line(String line) {
        row++;
        if (line.isBlank()) {
            finish();
            return;
        }
        if (line.strip().startsWith(DOCUMENT)) {
            finish();
            return;
        }
        if (width == 0) {
            tabs = line.indexOf('\t') >= 0;
        }
        List<String> cells =
                Arrays.asList(tabs ? line.split("\t", -1) : line.strip().split("\\s+"));
        if (width == 0) {
            width = cells.size();
            requireColumns(cells);
        }
        if (cells.size() != width) {
            problems.add(row, "has " + cells.size() + " columns where the first has " + width);
            return;
        }
        String form = cells.get(at(word)).strip();
        String label = cells.get(at(tag)).strip();
        if (form.isEmpty() || label.isEmpty()) {
            problems.add(row, form.isEmpty() ? "has no word" : "has no tag");
            return;
        }
        if (words.isEmpty()) {
            start = row;
        }
        words.add(form);
        tags.add(distinct.computeIfAbsent(label, key -> key));
    }

    private int at(int column) {
        return column < 0 ? width + column : column;
    }

    private void requireColumns(List<String> cells) {
        if (Math.max(at(word), at(tag)) >= width || Math.min(at(word), at(tag)) < 0 || at(word) == at(tag)) {
            throw new TailorException("The word in column " + word + " and the tag in column " + tag + " of " + file
                    + " were asked for, but line " + row + " has " + width + (width == 1 ? " column: " : " columns: ")
                    + Shown.some(cells.stream().map(Shown::cell).toList())
                    + ". Columns count from 0; -1 is the last.");
        }
    }

    private void finish() {
        if (!words.isEmpty()) {
            sentences.add(new Example<>(List.copyOf(words), List.copyOf(tags), "line " + start));
            words.clear();
            tags.clear();
        }
    }

    Conll build() {
        finish();
        problems.refuse();
        if (sentences.isEmpty()) {
            throw new TailorException(file + " has no sentences");
        }
        return new Conll(file, sentences);
    }
}
