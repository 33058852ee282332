package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/** Which columns of a table hold the text and the label. */
sealed interface Columns {
    /** Names that the wide-spread data sets use, the likeliest first. */
    List<String> TEXTS = List.of("text", "sentence", "content");

    List<String> LABELS = List.of("label", "class", "category", "target");

    /** Found by their usual names. */
    record Guessed() implements Columns {}

    /** Given by name; the table has a header. */
    record Named(String text, String label) implements Columns {
        public Named {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(label, "label");
            if (text.equals(label)) {
                throw new IllegalArgumentException(
                        "The text and the label need two columns; both are \"" + text + "\"");
            }
        }
    }

    /** Given by position, or found; a table read by positions has no header. */
    record At(int text, int label) implements Columns {
        public At {
            if (text < 0 || label < 0 || text == label) {
                throw new IllegalArgumentException(
                        "Columns count from 0, and the text and the label need two of them; found " + text + " and "
                                + label);
            }
        }
    }

    /** Finds the columns among the names of a header. */
    static At find(Columns wanted, List<String> header, Path file) {
        List<String> names = header.stream().map(String::strip).toList();
        if (wanted instanceof Named named) {
            return new At(position(named.text, names, file), position(named.label, names, file));
        }
        int text = guess(TEXTS, names);
        int label = guess(LABELS, names);
        if (text < 0 || label < 0) {
            throw new TailorException(
                    "Cannot tell which columns of " + file + " hold the text and the label. Its first row is "
                            + Shown.some(names.stream().map(Shown::cell).toList()) + "; expected one of "
                            + String.join("|", TEXTS) + " and one of " + String.join("|", LABELS)
                            + ". Give the column names, or, when there is no header row, the positions from 0."
                            + separatorHint(names));
        }
        return new At(text, label);
    }

    /** Whether a first row holds nothing but the usual names, so that it must be a header. */
    default boolean looksLikeHeader(List<String> row) {
        return this instanceof At at
                && TEXTS.contains(row.get(at.text).strip().toLowerCase(Locale.ROOT))
                && LABELS.contains(row.get(at.label).strip().toLowerCase(Locale.ROOT));
    }

    private static int guess(List<String> usual, List<String> names) {
        return usual.stream()
                .flatMapToInt(name -> IntStream.range(0, names.size())
                        .filter(i -> names.get(i).equalsIgnoreCase(name)))
                .findFirst()
                .orElse(-1);
    }

    private static int position(String name, List<String> names, Path file) {
        int first = names.indexOf(name);
        if (first < 0) {
            throw new TailorException(file + " has no column \"" + name + "\"; its columns are "
                    + Shown.some(names.stream().map(Shown::cell).toList()) + "." + separatorHint(names));
        }
        if (names.lastIndexOf(name) != first) {
            throw new TailorException(file + " has two columns \"" + name + "\"; rename one of them.");
        }
        return first;
    }

    private static String separatorHint(List<String> names) {
        if (names.size() != 1) {
            return "";
        }
        String only = names.get(0);
        for (char separator : new char[] {'\t', ';', '|', ','}) {
            if (only.indexOf(separator) >= 0) {
                return " The row looks separated by "
                        + (separator == '\t'
                                ? "tabs: use TextTable.tsv."
                                : "'" + separator + "': use TextTable.delimited.");
            }
        }
        return "";
    }
}
