package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the checkpoint that a path means. */
final class CheckpointFiles {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** In the order of preference: nothing needs to be interpreted in safetensors. */
    private static final List<String> USUAL =
            List.of(SINGLE, INDEX, "pytorch_model.bin", "pytorch_model.bin.index.json");

    /** Files of other tools; taken if there is exactly one. */
    private static final List<String> OTHERS = List.of(".pth", ".th", ".pt", ".ckpt", ".weights.h5", ".h5", ".keras");

    /** The weights in a {@code .keras} file, which is a zip. */
    private static final String KERAS = "model.weights.h5";

    private static final int SHOWN = 20;

    private CheckpointFiles() {}

    static Checkpoint open(Path path) {
        if (!Files.exists(path)) {
            throw new CheckpointException(path, "There is no file or folder " + path, null);
        }
        if (!Files.isDirectory(path)) {
            return file(path);
        }
        for (String name : USUAL) {
            if (Files.exists(path.resolve(name))) {
                return file(path.resolve(name));
            }
        }
        List<String> there = files(path);
        List<String> others = there.stream().filter(CheckpointFiles::isOther).toList();
        boolean safetensors = there.stream().anyMatch(name -> name.endsWith(".safetensors"));
        if (others.size() == 1 && !safetensors) {
            return file(path.resolve(others.get(0)));
        }
        throw notFound(path, there, others);
    }

    private static Checkpoint file(Path file) {
        return String.valueOf(file.getFileName()).endsWith(".json") ? ShardIndex.open(file) : openFile(file, true);
    }

    /**
     * Opens one file of tensors, of the kind that its bytes tell.
     *
     * @param unwrapped whether a prefix that a wrapper of the network left on all names is taken off
     */
    static Checkpoint openFile(Path file, boolean unwrapped) {
        return with(file, (channel, kind) -> switch (kind) {
            case SAFETENSORS -> SafetensorsFile.read(file, channel, Regions.LARGEST);
            case TORCH_LEGACY -> torch(TorchLegacy.read(file, channel), unwrapped);
            case HDF5 -> KerasCheckpoint.open(file, channel, 0, channel.size());
            case ZIP -> {
                Map<String, ZipIndex.Entry> entries = ZipIndex.read(file, channel);
                ZipIndex.Entry keras = entries.get(KERAS);
                if (keras != null && keras.isStored()) {
                    yield KerasCheckpoint.open(file, channel, keras.begin(), keras.end());
                }
                yield torch(TorchZip.read(file, channel, entries), unwrapped);
            }
            default -> throw kind.refusal(file, "no checkpoint that Tailor reads", null);
        });
    }

    private static Checkpoint torch(TorchFile file, boolean unwrapped) {
        Map<String, PickledValue.Tensor> tensors = StateDict.of(file);
        return new TorchCheckpoint(file, unwrapped ? StateDict.withoutWrapper(tensors) : tensors);
    }

    /** Reads an open file of a kind already recognised. */
    @FunctionalInterface
    interface Reader<T> {
        T read(FileChannel channel, FileKind kind) throws IOException;
    }

    /** Opens a file and turns what can go wrong with it into one kind of exception. */
    static <T> T with(Path file, Reader<T> reader) {
        if (!Files.exists(file)) {
            throw new CheckpointException(file, "There is no file " + file, null);
        }
        if (!Files.isRegularFile(file)) {
            // Opening a pipe or a device could block for ever.
            throw new CheckpointException(file, file + " is no regular file", null);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reader.read(channel, FileKind.of(channel));
        } catch (IOException e) {
            throw new CheckpointException(file, "Cannot read " + file + ": " + e, e);
        } catch (UnsupportedOperationException e) {
            throw new CheckpointException(
                    file, "Cannot map " + file + " into memory: its file system does not support that; copy it out", e);
        }
    }

    private static CheckpointException notFound(Path folder, List<String> there, List<String> others) {
        String message = "The folder " + folder + " has neither " + String.join(" nor ", USUAL) + "; "
                + (there.isEmpty() ? "it is empty" : "it holds " + list(there));
        Optional<String> safetensors =
                there.stream().filter(name -> name.endsWith(".safetensors")).findFirst();
        if (safetensors.isPresent() || !others.isEmpty()) {
            message += ". To read " + safetensors.orElseGet(() -> others.get(0)) + ", give the path of that file";
        } else if (there.stream().anyMatch(CheckpointFiles::isOtherFormat)) {
            message += ". Take a revision of the model that has safetensors, or convert it";
        }
        return new CheckpointException(folder, message, null);
    }

    /** TensorFlow's copy of a model on the hub has names of its own. */
    private static boolean isOther(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return OTHERS.stream().anyMatch(lower::endsWith) && !lower.equals("tf_model.h5");
    }

    private static boolean isOtherFormat(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.of(".bin", ".h5", ".msgpack", ".gguf", ".onnx").anyMatch(lower::endsWith);
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
