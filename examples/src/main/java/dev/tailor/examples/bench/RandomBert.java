package dev.tailor.examples.bench;

import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.TracedModel;
import dev.tailor.zoo.text.Bert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes a model folder with weights drawn from a seed, as a hub would serve it. */
final class RandomBert {
    private RandomBert() {}

    static void write(Path folder, BertShape shape, long seed) throws IOException {
        Files.writeString(folder.resolve("config.json"), shape.config());
        ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
        TracedModel model = TracedModel.of(Bert.ARCHITECTURE, config, Head.BASE, Checkpoint.empty(), "a random BERT")
                .renewAll()
                .seed(seed)
                .trace();
        // Without the pooler, which the measured output does not need: both sides then compute the same.
        List<TensorData> tensors = model.program().weights().values().stream()
                .filter(w -> !w.key().startsWith("pooler."))
                .map(w -> TensorData.of(w.key(), w.shape(), model.weights().floats(w)))
                .toList();
        Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
    }
}
