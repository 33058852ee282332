package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds the checkpoint that a path means. */
final class CheckpointFiles {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    private static final int SHOWN = 20;

    private CheckpointFiles() {}

    static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw new CheckpointException(path, "There is no file or folder " + path, null);
        }
        if (!Files.isDirectory(path)) {
            boolean index = String.valueOf(path.getFileName()).endsWith(".json");
            return index ? ShardIndex.open(path) : SafetensorsFile.open(path);
        }
        Path single = path.resolve(SINGLE);
        if (Files.exists(single)) {
            return SafetensorsFile.open(single);
        }
        Path index = path.resolve(INDEX);
        if (Files.exists(index)) {
            return ShardIndex.open(index);
        }
        throw notFound(path);
    }

    private static CheckpointException notFound(Path folder) {
        List<String> there = files(folder);
        String message = "The folder " + folder + " has neither " + SINGLE + " nor " + INDEX + "; "
                + (there.isEmpty() ? "it is empty" : "it holds " + list(there));
        List<String> others =
                there.stream().filter(name -> name.endsWith(".safetensors")).toList();
        if (!others.isEmpty()) {
            message += ". To read " + others.get(0) + ", give the path of that file";
        } else if (there.stream().anyMatch(CheckpointFiles::isOtherFormat)) {
            message += ". Take a revision of the model that has safetensors, or convert it";
        }
        return new CheckpointException(folder, message, null);
    }

    private static boolean isOtherFormat(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.of(
                        ".bin",
                        ".pt",
                        ".pth",
                        ".ckpt",
                        ".h5",
                        ".msgpack",
                        ".gguf",
                        ".onnx",
                        ".keras",
                        ".bin.index.json")
                .anyMatch(lower::endsWith);
    }

    private static String list(List<String> names) {
        String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? shown : shown + " and " + (names.size() - SHOWN) + " more";
    }

    private static List<String> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CheckpointException(folder, "Cannot list the folder " + folder + ": " + e, e);
        }
    }
}
