package dev.tailor.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A temporary folder with a random encoder and its tokenizer. */
record RandomFolder(Path path) implements AutoCloseable {

    static RandomFolder of(BertShape shape) throws IOException {
        Path path = Files.createTempDirectory("tailor-benchmark");
        RandomBert.write(path, shape, 42);
        new RandomWords(shape.vocabulary()).write(path);
        return new RandomFolder(path);
    }

    @Override
    public void close() throws IOException {
        for (String file : List.of("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.deleteIfExists(path.resolve(file));
        }
        Files.deleteIfExists(path);
    }
}
