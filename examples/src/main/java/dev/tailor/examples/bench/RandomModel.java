package dev.tailor.examples.bench;

import dev.tailor.Registry;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.program.Architecture;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A temporary folder with a config and weights drawn from a seed, as a hub would serve it. */
record RandomModel(Path folder) implements AutoCloseable {

    static RandomModel of(String config) throws IOException {
        RandomModel model = new RandomModel(Files.createTempDirectory("tailor-benchmark"));
        model.write(config);
        return model;
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        Architecture family = Registry.architecture(config);
        TracedModel model = TracedModel.of(family, config, family.head(config), Checkpoint.empty(), "a random model")
                .renewAll()
                .seed(42)
                .trace();
        // Without BERT's pooler, which the measured output does not need.
        List<TensorData> tensors = model.program().weights().values().stream()
                .filter(w -> !w.key().startsWith("pooler."))
                .map(w -> TensorData.of(w.key(), w.shape(), model.weights().floats(w)))
                .toList();
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    }

    /** Where the same network as ONNX belongs. */
    Path onnx() {
        return folder.resolve("model.onnx");
    }

    @Override
    public void close() throws IOException {
        for (String file : List.of("model.safetensors", "config.json", "model.onnx")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }
}
