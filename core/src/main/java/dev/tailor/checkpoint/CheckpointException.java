package dev.tailor.checkpoint;

import dev.tailor.TailorException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A checkpoint that is missing, damaged, of another format, or without the tensor asked for. */
public class CheckpointException extends TailorException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String file;
    private final @Nullable String tensor;

    /** Creates an exception about a file or a folder. */
    public CheckpointException(Path file, String message, @Nullable Throwable cause) {
        this(file.toString(), null, message, cause);
    }

    /** Creates an exception about a tensor; {@code file} names where it lives or was looked for. */
    public CheckpointException(
            @Nullable String file, @Nullable String tensor, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.file = file;
        this.tensor = tensor;
    }

    /** The file or the folder, where one is to blame. */
    public Optional<String> file() {
        return Optional.ofNullable(file);
    }

    /** The name of the tensor, where a single one is to blame. */
    public Optional<String> tensor() {
        return Optional.ofNullable(tensor);
    }
}
