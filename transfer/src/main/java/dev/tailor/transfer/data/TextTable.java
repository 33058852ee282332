package dev.tailor.transfer.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;

/**
 * Labelled texts in a table: CSV, TSV or JSON lines.
 *
 * <p>A file must be UTF-8 (a byte-order mark is passed over) and is read into memory at once. Texts are kept as they are
 * and may be empty; labels lose blanks at either end and may not be empty. Blank rows are passed over. The source of an
 * example is its row, counted from 1 with the header, as a spreadsheet shows it.
 *
 * <p>Columns are found by their usual names (text, sentence or content; label, class, category or target, in any case), or
 * given by name, or given by position from 0 when the file has no header row.
 *
 * <p>Every reading method throws {@link dev.tailor.TailorException} when the file does not exist, is not UTF-8, has no such
 * column, no rows, or rows that do not fit the header; the message lists the rows. Immutable and safe for many threads.
 */
public final class TextTable implements Dataset<String, String> {
    private final Path file;
    private final List<String> texts;
    private final List<String> labels;
    private final int[] rows;

    TextTable(Path file, List<String> texts, List<String> labels, int[] rows) {
        this.file = file;
        this.texts = List.copyOf(texts);
        this.labels = List.copyOf(labels);
        this.rows = rows;
    }

    /** Reads comma-separated values with a header row; quotes as in RFC 4180. */
    public static TextTable csv(Path file) {
        return DelimitedReader.read(file, quoted(','), new Columns.Guessed());
    }

    /** Reads comma-separated values with a header row that has these two names; quotes as in RFC 4180. */
    public static TextTable csv(Path file, String text, String label) {
        return DelimitedReader.read(file, quoted(','), new Columns.Named(text, label));
    }

    /** Reads comma-separated values without a header row; quotes as in RFC 4180. Positions count from 0. */
    public static TextTable csv(Path file, int text, int label) {
        return DelimitedReader.read(file, quoted(','), new Columns.At(text, label));
    }

    /** Reads tab-separated values with a header row. One line is one row, and quotes are plain characters. */
    public static TextTable tsv(Path file) {
        return DelimitedReader.read(file, tabs(), new Columns.Guessed());
    }

    /** Reads tab-separated values with a header row that has these two names; quotes are plain characters. */
    public static TextTable tsv(Path file, String text, String label) {
        return DelimitedReader.read(file, tabs(), new Columns.Named(text, label));
    }

    /** Reads tab-separated values without a header row; quotes are plain characters. Positions count from 0. */
    public static TextTable tsv(Path file, int text, int label) {
        return DelimitedReader.read(file, tabs(), new Columns.At(text, label));
    }

    /**
     * Reads values separated by any character, with RFC 4180 quotes and a header row that has these two names: for
     * semicolons, or for tabs where the file was written with quotes.
     */
    public static TextTable delimited(Path file, char separator, String text, String label) {
        return DelimitedReader.read(file, quoted(separator), new Columns.Named(text, label));
    }

    /** Reads one JSON object a line, with the usual names as keys. A label may be a string, a whole number or a boolean. */
    public static TextTable jsonLines(Path file) {
        return JsonLinesReader.read(file, new Columns.Guessed());
    }

    /** Reads one JSON object a line, with these two keys. A label may be a string, a whole number or a boolean. */
    public static TextTable jsonLines(Path file, String text, String label) {
        return JsonLinesReader.read(file, new Columns.Named(text, label));
    }

    /** Returns the distinct labels, sorted. */
    public List<String> classes() {
        return labels.stream().distinct().sorted().toList();
    }

    @Override
    public int size() {
        return rows.length;
    }

    @Override
    public Example<String, String> get(int index) {
        Objects.checkIndex(index, rows.length);
        return new Example<>(texts.get(index), labels.get(index), "row " + rows[index]);
    }

    @Override
    public String target(int index) {
        return labels.get(index);
    }

    @Override
    public List<String> targets() {
        return labels;
    }

    @Override
    public String toString() {
        return size() + " texts of " + counts().size() + " classes in " + file;
    }

    static CSVFormat quoted(char separator) {
        return CSVFormat.RFC4180.builder().setDelimiter(separator).get();
    }

    /** As registered with IANA (text/tab-separated-values), and as data sets are published: no quoting at all. */
    static CSVFormat tabs() {
        return CSVFormat.RFC4180.builder().setDelimiter('\t').setQuote(null).get();
    }
}
