package dev.tailor.transfer.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.TailorException;
import dev.tailor.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one JSON object a line. */
final class JsonLinesReader {
    private JsonLinesReader() {}

    static TextTable read(Path file, Columns columns) {
        TableBuilder table = new TableBuilder(file);
        try (BufferedReader reader = Utf8File.open(file)) {
            String textKey = null;
            String labelKey = null;
            int row = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                row++;
                if (line.isBlank()) {
                    continue;
                }
                JsonObject object = Json.parseObject(line.getBytes(StandardCharsets.UTF_8), file + " row " + row, true);
                if (textKey == null || labelKey == null) {
                    List<String> keys = List.copyOf(object.keySet());
                    Columns.At at = Columns.find(columns, keys, file);
                    textKey = keys.get(at.text());
                    labelKey = keys.get(at.label());
                }
                add(table, row, object.get(textKey), object.get(labelKey), textKey, labelKey);
            }
        } catch (CharacterCodingException e) {
            throw Utf8File.malformed(file, e);
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
        return table.build();
    }

    private static void add(
            TableBuilder table,
            int row,
            @Nullable JsonElement text,
            @Nullable JsonElement label,
            String textKey,
            String labelKey) {
        if (!(text instanceof JsonPrimitive t && t.isString())) {
            table.problem(row, "has " + found(text) + " as \"" + textKey + "\" where a string belongs");
        } else if (!(label instanceof JsonPrimitive l && !isFraction(l))) {
            table.problem(
                    row,
                    "has " + found(label) + " as \"" + labelKey
                            + "\" where a string, a whole number or a boolean belongs");
        } else {
            table.add(t.getAsString(), l.getAsString(), row);
        }
    }

    /** Json gives whole numbers as Long and every other spelling as Double. */
    private static boolean isFraction(JsonPrimitive value) {
        return value.isNumber() && !(value.getAsNumber() instanceof Long);
    }

    private static String found(@Nullable JsonElement element) {
        return element == null ? "nothing" : Json.kind(element);
    }
}
