package dev.tailor.transfer.search;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Results in a file of JSON Lines, the first of which tells the search. The file is replaced as a whole, so that a process that is
 * killed leaves no half line.
 */
final class TrialLog {
    private final @Nullable Path file;
    private final String search;
    private final List<String> lines = new ArrayList<>();

    TrialLog(@Nullable Path file, String search) {
        this.file = file;
        this.search = search;
        JsonObject head = new JsonObject();
        head.addProperty("search", search);
        lines.add(head.toString());
    }

    List<TrialResult> read() {
        List<TrialResult> results = new ArrayList<>();
        if (file == null || !Files.exists(file)) {
            return results;
        }
        try {
            List<String> stored = Files.readAllLines(file);
            String head = stored.isEmpty() ? "{}" : stored.get(0);
            JsonObject first = parse(head, 1);
            String other = first.has("search") ? first.get("search").getAsString() : "";
            if (!other.equals(search)) {
                throw new TailorException(file + " holds the trials of another search:\n  " + other
                        + "\nThis one is\n  " + search + "\nGive it another file, or delete this one to begin anew.");
            }
            for (int i = 1; i < stored.size(); i++) {
                results.add(result(parse(stored.get(i), i + 1)));
                lines.add(stored.get(i));
            }
            return results;
        } catch (IOException | IllegalStateException | IllegalArgumentException | NullPointerException e) {
            throw new TailorException("Cannot read the trials in " + file + ": " + e, e);
        }
    }

    private JsonObject parse(String line, int number) {
        return Json.parseObject(line.getBytes(StandardCharsets.UTF_8), file + ", line " + number, false);
    }

    private static TrialResult result(JsonObject json) {
        Map<String, String> values = new LinkedHashMap<>();
        json.getAsJsonObject("values")
                .entrySet()
                .forEach(e -> values.put(e.getKey(), e.getValue().getAsString()));
        List<Double> losses = new ArrayList<>();
        json.getAsJsonArray("losses").forEach(l -> losses.add(l.isJsonNull() ? Double.NaN : l.getAsDouble()));
        TrialResult.State state = TrialResult.State.valueOf(json.get("state").getAsString());
        return new TrialResult(
                json.get("trial").getAsInt(),
                values,
                losses,
                state,
                json.get("message").getAsString());
    }

    void append(TrialResult result) {
        if (file == null) {
            return;
        }
        JsonObject json = new JsonObject();
        json.addProperty("trial", result.number());
        JsonObject values = new JsonObject();
        result.values().forEach(values::addProperty);
        json.add("values", values);
        JsonArray losses = new JsonArray();
        result.losses().forEach(l -> losses.add(Double.isFinite(l) ? l : null));
        json.add("losses", losses);
        json.addProperty("state", result.state().name());
        json.addProperty("message", result.message());
        Gson gson = new GsonBuilder().serializeNulls().create();
        lines.add(gson.toJson(json));
        try {
            AtomicFiles.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException("Cannot write the trials to " + file + ": " + e, e);
        }
    }
}
