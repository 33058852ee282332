package dev.tailor.transfer.train;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes numbers to a file, a line each, so that what was written outlives a crash. For one training at a time. */
public final class MetricsFile implements MetricsSink {
    private final Path file;
    private final boolean json;

    private MetricsFile(Path file, boolean json) {
        this.file = file;
        this.json = json;
    }

    /**
     * Comma-separated values under {@code name,step,value}; goes on behind what the file holds.
     *
     * @throws TailorException if the file cannot be written
     */
    public static MetricsFile csv(Path file) {
        MetricsFile sink = new MetricsFile(file, false);
        if (!Files.exists(file)) {
            sink.append("name,step,value");
        }
        return sink;
    }

    /** An object {@code {"name": ..., "step": ..., "value": ...}} a line, null for what is no number; goes on behind what is there. */
    public static MetricsFile jsonLines(Path file) {
        return new MetricsFile(file, true);
    }

    @Override
    public void write(String name, int step, double value) {
        if (!json) {
            boolean quoted = name.contains(",") || name.contains("\"") || name.contains("\n");
            append((quoted ? "\"" + name.replace("\"", "\"\"") + "\"" : name) + "," + step + "," + value);
            return;
        }
        JsonObject object = new JsonObject();
        object.addProperty("name", name);
        object.addProperty("step", step);
        if (Double.isFinite(value)) {
            object.addProperty("value", value);
        } else {
            object.add("value", JsonNull.INSTANCE);
        }
        append(object.toString());
    }

    private void append(String line) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new TailorException("Cannot write metrics to " + file + ": " + e, e);
        }
    }
}
