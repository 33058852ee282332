package dev.tailor.transfer.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads the rows of tables with any columns. */
final class TableRows {
    private TableRows() {}

    static Table delimited(Path file, CSVFormat format, boolean header) {
        List<Table.Row> rows = new ArrayList<>();
        RowProblems problems = new RowProblems(file, "row");
        try (Reader reader = Utf8File.open(file);
                CSVParser parser = format.parse(reader)) {
            List<String> names = null;
            for (CSVRecord record : parser) {
                int number = Math.toIntExact(record.getRecordNumber());
                List<String> cells = record.toList();
                if (cells.stream().allMatch(String::isBlank)) {
                    continue;
                }
                if (header && names == null) {
                    names = names(file, cells);
                } else if (names != null && names.size() != cells.size()) {
                    problems.add(number, "has " + cells.size() + " columns where the header has " + names.size());
                } else {
                    rows.add(row(number, names == null ? positions(cells.size()) : names, cells));
                }
            }
        } catch (UncheckedIOException e) {
            throw failure(file, e.getCause());
        } catch (IOException e) {
            throw failure(file, e);
        }
        problems.refuse();
        return table(file, rows);
    }

    private static Table table(Path file, List<Table.Row> rows) {
        if (rows.isEmpty()) {
            throw new TailorException(file + " has no rows");
        }
        return new Table(file, rows);
    }

    private static List<String> names(Path file, List<String> cells) {
        List<String> names = cells.stream().map(String::strip).toList();
        if (new HashSet<>(names).size() < names.size()) {
            throw new TailorException(
                    file + " has two columns of one name: " + Shown.some(names) + "; rename one of them.");
        }
        return names;
    }

    private static List<String> positions(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private static Table.Row row(int number, List<String> names, List<String> cells) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            values.put(names.get(i), List.of(cells.get(i)));
        }
        return new Table.Row(number, values);
    }

    static Table jsonLines(Path file) {
        List<Table.Row> rows = new ArrayList<>();
        try (BufferedReader reader = Utf8File.open(file)) {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    rows.add(row(number, line, file));
                }
            }
        } catch (CharacterCodingException e) {
            throw Utf8File.malformed(file, e);
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
        return table(file, rows);
    }

    private static Table.Row row(int number, String line, Path file) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        Json.parseObject(line.getBytes(StandardCharsets.UTF_8), file + " row " + number, true)
                .entrySet()
                .forEach(e -> {
                    List<String> texts = texts(e.getValue());
                    if (texts != null) {
                        values.put(e.getKey(), texts);
                    }
                });
        return new Table.Row(number, values);
    }

    /** Nothing for null and for what is no value. */
    private static @Nullable List<String> texts(JsonElement element) {
        Stream<JsonElement> all = element instanceof JsonArray array
                ? IntStream.range(0, array.size()).mapToObj(array::get)
                : Stream.of(element);
        List<JsonElement> elements = all.toList();
        return elements.stream().allMatch(JsonPrimitive.class::isInstance)
                ? elements.stream().map(JsonElement::getAsString).toList()
                : null;
    }

    private static TailorException failure(Path file, @Nullable IOException e) {
        return e instanceof CharacterCodingException
                ? Utf8File.malformed(file, e)
                : new TailorException(
                        "Cannot read " + file + ": " + (e == null ? "unknown failure" : e.getMessage()), e);
    }
}
