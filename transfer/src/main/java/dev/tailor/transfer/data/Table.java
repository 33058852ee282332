package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A table with any columns, from which {@link #examples} makes what a task needs: pairs of texts, numbers to predict, several
 * labels at once.
 *
 * <pre>{@code
 * Table table = Table.csv(file);
 * var pairs = table.examples(
 *         row -> new TextPair(row.text("sentence1"), row.text("sentence2")),
 *         row -> row.number("score"));
 * }</pre>
 *
 * <p>Files are read as {@link TextTable} reads them: UTF-8, into memory, blank rows passed over. Immutable and safe for many
 * threads.
 */
public final class Table {
    private final Path file;
    private final Set<String> columns;
    private final List<Row> rows;

    Table(Path file, List<Row> rows) {
        this.file = file;
        this.rows = List.copyOf(rows);
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(r -> names.addAll(r.cells.keySet()));
        this.columns = Collections.unmodifiableSet(names);
    }

    /** Reads comma-separated values with a header row; quotes as in RFC 4180. */
    public static Table csv(Path file) {
        return TableRows.delimited(file, TextTable.quoted(','), true);
    }

    /** Reads tab-separated values with a header row. One line is one row, and quotes are plain characters. */
    public static Table tsv(Path file) {
        return TableRows.delimited(file, TextTable.tabs(), true);
    }

    /** Reads values separated by any character with a header row; quotes as in RFC 4180. */
    public static Table delimited(Path file, char separator) {
        return TableRows.delimited(file, TextTable.quoted(separator), true);
    }

    /**
     * Reads values without a header row, as {@link #csv} for a comma and as {@link #tsv} for a tab. The columns are named
     * {@code "0"}, {@code "1"} and so on; rows may differ in length.
     */
    public static Table withoutHeader(Path file, char separator) {
        return TableRows.delimited(file, separator == '\t' ? TextTable.tabs() : TextTable.quoted(separator), false);
    }

    /** Reads one JSON object a line; its keys are the columns. Objects within are not read. */
    public static Table jsonLines(Path file) {
        return TableRows.jsonLines(file);
    }

    /** Returns the names of the columns, in order of appearance. */
    public Set<String> columns() {
        return columns;
    }

    /** Returns the number of rows without the header. */
    public int size() {
        return rows.size();
    }

    /**
     * Makes examples of the rows. Both functions are called once for each row, in order.
     *
     * @throws TailorException if a row lacks what is asked of it; the message lists these rows
     */
    public <I, T> Dataset<I, T> examples(
            Function<? super Row, ? extends I> input, Function<? super Row, ? extends T> target) {
        List<Example<I, T>> examples = new ArrayList<>(rows.size());
        RowProblems problems = new RowProblems(file, "row");
        for (Row row : rows) {
            try {
                examples.add(new Example<>(input.apply(row), target.apply(row), "row " + row.number));
            } catch (Row.Missing e) {
                problems.add(row.number, String.valueOf(e.getMessage()));
            }
        }
        problems.refuse();
        return new ListDataset<>(List.copyOf(examples));
    }

    @Override
    public String toString() {
        return size() + " rows with the columns " + columns + " in " + file;
    }

    /** One row of a table. Immutable. */
    public static final class Row {
        private final int number;
        private final Map<String, List<String>> cells;

        Row(int number, Map<String, List<String>> cells) {
            this.number = number;
            this.cells = new LinkedHashMap<>(cells);
        }

        /** Returns its number as a spreadsheet shows it: from 1, with the header. */
        public int number() {
            return number;
        }

        /** Returns whether the row has a cell of that name that is not blank. */
        public boolean has(String column) {
            List<String> values = cells.get(column);
            return values != null && values.stream().anyMatch(v -> !v.isBlank());
        }

        /** Returns a cell as it is written; it may be empty. */
        public String text(String column) {
            List<String> values = values(column);
            if (values.size() != 1) {
                throw new Missing("has " + values.size() + " values as \"" + column + "\" where one belongs");
            }
            return values.get(0);
        }

        /** Returns a cell without blanks at either end; it may not be empty. */
        public String label(String column) {
            String label = text(column).strip();
            if (label.isEmpty()) {
                throw new Missing("has no \"" + column + "\"");
            }
            return label;
        }

        /** Returns a cell as a finite number, with a point before decimals. */
        public double number(String column) {
            String text = label(column);
            try {
                double value = Double.parseDouble(text);
                if (Double.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw new Missing("has " + Shown.cell(text) + " as \"" + column + "\" where a number belongs", e);
            }
            throw new Missing("has " + text + " as \"" + column + "\" where a finite number belongs");
        }

        /**
         * Returns the distinct labels in a cell: the strings of a JSON array, or the parts between separators. May be none.
         *
         * @param separator what stands between labels, such as {@code "|"}
         */
        public List<String> labels(String column, String separator) {
            return values(column).stream()
                    .flatMap(v -> Arrays.stream(v.split(Pattern.quote(separator))))
                    .map(String::strip)
                    .filter(v -> !v.isEmpty())
                    .distinct()
                    .toList();
        }

        private List<String> values(String column) {
            List<String> values = cells.get(column);
            if (values == null) {
                throw new Missing(
                        "has no column \"" + column + "\"; it has " + Shown.some(List.copyOf(cells.keySet())));
            }
            return values;
        }

        /** A cell that is not there, or not of that kind. */
        private static final class Missing extends TailorException {
            private static final long serialVersionUID = 1;

            Missing(String message) {
                super(message);
            }

            Missing(String message, Throwable cause) {
                super(message, cause);
            }
        }
    }
}
