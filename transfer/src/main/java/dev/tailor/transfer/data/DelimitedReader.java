package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads CSV and TSV. */
final class DelimitedReader {
    private DelimitedReader() {}

    static TextTable read(Path file, CSVFormat format, Columns columns) {
        try (Reader reader = Utf8File.open(file);
                CSVParser parser = format.parse(reader)) {
            return read(file, parser, columns);
        } catch (UncheckedIOException e) {
            throw failure(file, e.getCause());
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static TextTable read(Path file, CSVParser parser, Columns columns) {
        TableBuilder table = new TableBuilder(file);
        Columns.@Nullable At at = null;
        int width = 0;
        for (CSVRecord record : parser) {
            int row = Math.toIntExact(record.getRecordNumber());
            List<String> cells = record.toList();
            if (cells.size() == 1 && cells.get(0).isBlank()) {
                continue;
            }
            if (at == null) {
                width = cells.size();
                at = start(file, columns, cells);
                if (!(columns instanceof Columns.At)) {
                    continue;
                }
            }
            if (cells.size() != width) {
                table.problem(row, "has " + cells.size() + " columns where the first row has " + width);
            } else {
                table.add(cells.get(at.text()), cells.get(at.label()), row);
            }
        }
        return table.build();
    }

    private static Columns.At start(Path file, Columns columns, List<String> first) {
        if (!(columns instanceof Columns.At at)) {
            return Columns.find(columns, first, file);
        }
        if (Math.max(at.text(), at.label()) >= first.size()) {
            throw new TailorException("Columns " + at.text() + " and " + at.label() + " of " + file
                    + " were asked for, but its first row has " + first.size() + ": "
                    + Shown.some(first.stream().map(Shown::cell).toList()) + ". Columns count from 0.");
        }
        if (columns.looksLikeHeader(first)) {
            throw new TailorException(file + " has a header row (" + Shown.some(first)
                    + "), and columns given by position are for files without one. Give the names \""
                    + first.get(at.text()) + "\" and \"" + first.get(at.label()) + "\" instead.");
        }
        return at;
    }

    private static TailorException failure(Path file, @Nullable IOException e) {
        return e instanceof CharacterCodingException
                ? Utf8File.malformed(file, e)
                : new TailorException(
                        "Cannot read " + file + ": " + (e == null ? "unknown failure" : e.getMessage()), e);
    }
}
