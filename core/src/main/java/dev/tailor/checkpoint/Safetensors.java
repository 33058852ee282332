package dev.tailor.checkpoint;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/**
 * Reads and writes single files of the safetensors format, version 0.8.
 *
 * <p>See <a href="https://github.com/huggingface/safetensors">its specification</a>. Safe for many threads.
 */
public final class Safetensors {
    private Safetensors() {}

    /**
     * Opens one file: reads and checks its header, maps its data.
     *
     * @throws CheckpointException if the file is missing, damaged, or of another format
     */
    public static Checkpoint read(Path file) {
        return SafetensorsFile.open(file);
    }

    /**
     * Writes one file, byte for byte as the reference does, whatever the order of the tensors.
     *
     * <p>Writes under another name in the same folder and moves the finished file into place, so that readers see the old
     * file or the new one; a checkpoint opened before keeps its tensors, and may be what is written. One part of one tensor
     * is in memory at a time. The folder must exist.
     *
     * @param metadata free text for the header, written sorted by key; the transformers library demands {@code format=pt}
     * @throws IllegalArgumentException if two tensors have one name, or one has a name that cannot be written
     * @throws CheckpointException if the file cannot be written, or a tensor yields more or fewer bytes than it should;
     *     what was there before is then untouched
     */
    public static void write(Path file, Collection<TensorData> tensors, Map<String, String> metadata) {
        SafetensorsWriter.write(file, tensors, metadata);
    }
}
