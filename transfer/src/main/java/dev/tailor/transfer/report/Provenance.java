package dev.tailor.transfer.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.transfer.train.EpochReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes {@code provenance.json}: from which weights, data, recipe and versions a fitted model came. */
public final class Provenance {
    /** The file's name. */
    public static final String NAME = "provenance.json";

    private Provenance() {}

    /**
     * Writes the file; an existing one is replaced.
     *
     * @throws TailorException if it cannot be written
     */
    public static void write(Path folder, TrainingRun run) {
        Path file = folder.resolve(NAME);
        try {
            AtomicFiles.write(file, json(run).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException("Cannot write " + file + ": " + e, e);
        }
    }

    /** The text of the file. */
    static String json(TrainingRun run) {
        JsonObject json = new JsonObject();
        json.addProperty("format", 1);
        JsonObject base = new JsonObject();
        base.addProperty("id", run.base().id());
        base.addProperty("revision", orNull(run.base().revision()));
        base.addProperty("license", orNull(run.base().license()));
        base.add("digests", object(run.base().digests()));
        json.add("base_model", base);
        json.addProperty("task", run.task());
        json.addProperty("strategy", run.strategy());
        json.addProperty("trained_parameters", run.trainedParameters());
        json.addProperty("parameters", run.parameters());
        json.add("recipe", object(run.recipe()));
        JsonObject data = new JsonObject();
        data.addProperty("name", orNull(run.dataName()));
        data.add("train", data(run.train()));
        data.add("validation", data(run.validation()));
        json.add("data", data);
        JsonObject metrics = new JsonObject();
        run.metrics().forEach((name, value) -> metrics.addProperty(name, number(value)));
        json.add("metrics", metrics);
        json.addProperty("best_epoch", run.best());
        JsonArray epochs = new JsonArray();
        run.epochs().forEach(e -> epochs.add(epoch(e)));
        json.add("epochs", epochs);
        Surroundings where = run.surroundings();
        JsonObject software = new JsonObject();
        software.addProperty("tailor", where.tailor());
        software.addProperty("java", where.java());
        software.addProperty("system", where.system());
        software.addProperty("engine", where.engine());
        software.addProperty("device", where.device());
        software.addProperty("threads", where.threads());
        json.add("software", software);
        json.addProperty("started", run.started().toString());
        json.addProperty("ended", run.ended().toString());
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .serializeNulls()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json)
                + "\n";
    }

    private static JsonObject data(DataFingerprint summary) {
        JsonObject json = new JsonObject();
        json.addProperty("examples", summary.size());
        json.addProperty("targets_sha256", summary.targetsSha256());
        JsonObject classes = new JsonObject();
        summary.classes().forEach(classes::addProperty);
        json.add("classes", classes);
        return json;
    }

    private static JsonObject epoch(EpochReport report) {
        JsonObject json = new JsonObject();
        json.addProperty("epoch", report.epoch());
        json.addProperty("training_loss", number(report.trainLoss()));
        json.addProperty("validation_loss", number(report.validationLoss()));
        json.addProperty(
                "validation_" + (report.scoreName().isEmpty() ? "score" : report.scoreName()),
                number(report.validationScore()));
        return json;
    }

    private static JsonObject object(Map<String, String> texts) {
        JsonObject json = new JsonObject();
        texts.forEach(json::addProperty);
        return json;
    }

    /** JSON has no NaN. */
    private static @Nullable Number number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
