package dev.tailor.transfer.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a run in one file, {@code training.safetensors}: weights, the optimizer's moments, and where the run stands. It is
 * replaced in one step, so a process that is killed leaves the last whole one.
 */
public final class Checkpoints {
    private static final String FILE = "training.safetensors";
    private static final String WEIGHTS = "weights";
    private static final String BEST = "best";

    private final @Nullable Path folder;
    private final int every;
    private final String run;

    private Checkpoints(@Nullable Path folder, int every, String run) {
        this.folder = folder;
        this.every = every;
        this.run = run;
    }

    /** Keeps nothing. */
    public static Checkpoints none() {
        return new Checkpoints(null, 0, "");
    }

    /**
     * Keeps the state in a folder.
     *
     * @param every steps between two checkpoints; there is one after each epoch, too
     * @param run what must be the same for a run to go on: model, data and recipe
     */
    public static Checkpoints in(Path folder, int every, String run) {
        return new Checkpoints(folder, every, run);
    }

    void stepDone(TrainableNetwork network, Loop.State state) {
        if (folder != null && state.stepInEpoch % every == 0) {
            save(folder, network, state);
        }
    }

    void epochDone(TrainableNetwork network, Loop.State state) {
        if (folder != null) {
            save(folder, network, state);
        }
    }

    private void save(Path target, TrainableNetwork network, Loop.State state) {
        List<TensorData> tensors = new ArrayList<>();
        TrainableNetwork.OptimizerState optimizer = network.optimizerState();
        add(tensors, WEIGHTS, network.weights());
        optimizer.moments().forEach((kind, values) -> add(tensors, kind, values));
        if (state.best != null) {
            add(tensors, BEST, state.best);
        }
        JsonObject json = new JsonObject();
        json.addProperty("steps", state.steps);
        json.addProperty("step_in_epoch", state.stepInEpoch);
        json.addProperty("loss_sum", state.lossSum);
        json.addProperty("seen", state.seen);
        json.addProperty("reduction", state.reduction);
        json.addProperty("best_loss", Double.toString(state.bestLoss));
        json.addProperty("waited", state.waited);
        json.addProperty("waited_for_rate", state.waitedForRate);
        json.addProperty("updates", optimizer.updates());
        JsonArray reports = new JsonArray();
        state.reports.forEach(r -> reports.add(write(r)));
        json.add("reports", reports);
        try {
            Files.createDirectories(target);
            Safetensors.write(target.resolve(FILE), tensors, Map.of("run", run, "state", json.toString()));
        } catch (IOException e) {
            throw new TailorException("Cannot save the state of the training to " + target + ": " + e, e);
        }
    }

    private static void add(List<TensorData> tensors, String kind, Map<String, float[]> values) {
        values.forEach((key, v) -> tensors.add(TensorData.of(kind + "/" + key, List.of((long) v.length), v)));
    }

    private static JsonArray write(EpochReport report) {
        JsonArray numbers = new JsonArray();
        numbers.add(report.epoch());
        numbers.add(report.epochs());
        numbers.add(Double.toString(report.trainLoss()));
        numbers.add(Double.toString(report.validationLoss()));
        numbers.add(report.scoreName());
        numbers.add(Double.toString(report.validationScore()));
        return numbers;
    }

    /** Puts the last state into the network, where there is one. */
    Optional<Loop.State> load(TrainableNetwork network) {
        if (folder == null || !Files.exists(folder.resolve(FILE))) {
            return Optional.empty();
        }
        Path file = folder.resolve(FILE);
        Checkpoint stored = Safetensors.read(file);
        if (!run.equals(stored.metadata().get("run"))) {
            throw new TailorException(file + " holds the state of another training:\n  "
                    + stored.metadata().get("run") + "\nThis one is\n  " + run + "\nGive it another folder, or delete"
                    + " the file to begin anew.");
        }
        String text = stored.metadata().getOrDefault("state", "");
        JsonObject json = Json.parseObject(text.getBytes(StandardCharsets.UTF_8), file.toString(), false);
        Loop.State state = new Loop.State();
        state.steps = json.get("steps").getAsInt();
        state.stepInEpoch = json.get("step_in_epoch").getAsInt();
        state.lossSum = json.get("loss_sum").getAsDouble();
        state.seen = json.get("seen").getAsLong();
        state.reduction = json.get("reduction").getAsDouble();
        state.bestLoss = Double.parseDouble(json.get("best_loss").getAsString());
        state.waited = json.get("waited").getAsInt();
        state.waitedForRate = json.get("waited_for_rate").getAsInt();
        for (JsonElement report : json.getAsJsonArray("reports")) {
            JsonArray n = report.getAsJsonArray();
            state.reports.add(new EpochReport(
                    n.get(0).getAsInt(),
                    n.get(1).getAsInt(),
                    n.get(2).getAsDouble(),
                    n.get(3).getAsDouble(),
                    n.get(4).getAsString(),
                    n.get(5).getAsDouble()));
        }
        Map<String, Map<String, float[]>> kinds = new LinkedHashMap<>();
        for (String name : stored.names()) {
            int slash = name.indexOf('/');
            kinds.computeIfAbsent(name.substring(0, slash), k -> new LinkedHashMap<>())
                    .put(name.substring(slash + 1), stored.floats(name));
        }
        network.restore(kinds.getOrDefault(WEIGHTS, Map.of()));
        kinds.remove(WEIGHTS);
        state.best = kinds.remove(BEST);
        network.restore(new TrainableNetwork.OptimizerState(json.get("updates").getAsInt(), kinds));
        return Optional.of(state);
    }
}
