package dev.tailor.transfer;

import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Writes a model as a Hugging Face folder. The config comes last: a folder that has one is whole. */
final class ModelFolder {
    private ModelFolder() {}

    static void write(
            Path folder, PretrainedModel model, Checkpoint weights, List<String> files, Map<String, String> newFiles) {
        if (weights instanceof TunedWeights tuned) {
            tuned.requireSavable();
        }
        try {
            Files.createDirectories(folder);
            List<TensorData> tensors = new ArrayList<>();
            weights.names().forEach(name -> tensors.add(TensorData.of(weights, name)));
            tensors.addAll(counters(weights));
            Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
            Snapshot snapshot = model.snapshot();
            for (String name : files) {
                Optional<Path> file = snapshot.file(name);
                if (file.isPresent() && !same(file.get(), folder.resolve(name))) {
                    write(folder.resolve(name), Files.readAllBytes(file.get()));
                }
            }
            for (Map.Entry<String, String> file : newFiles.entrySet()) {
                write(folder.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            AtomicFiles.write(
                    folder.resolve("config.json"), model.config().toJson().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException("Cannot save the model to " + folder + ": " + e, e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        AtomicFiles.write(file, bytes);
    }

    /** PyTorch counts the batches of each normalisation and misses the counter in a file without it. */
    private static List<TensorData> counters(Checkpoint weights) {
        Set<String> norms = new LinkedHashSet<>();
        for (String name : weights.names()) {
            if (name.endsWith(".running_mean")) {
                norms.add(name.substring(0, name.length() - "running_mean".length()));
            }
        }
        return norms.stream()
                .map(n -> TensorData.of(n + "num_batches_tracked", List.of(), new long[] {0}))
                .toList();
    }

    private static boolean same(Path a, Path b) throws IOException {
        return Files.exists(b) && Files.isSameFile(a, b);
    }
}
