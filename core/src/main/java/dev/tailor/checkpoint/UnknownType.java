package dev.tailor.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;

/** What to say of a tensor that Tailor does not compute with. */
final class UnknownType {
    private UnknownType() {}

    /** {@code what} is such as {@code of dtype F8_E4M3}. */
    static CheckpointException of(Path file, String tensor, String what) {
        return new CheckpointException(
                file.toString(),
                tensor,
                "Tensor " + tensor + " in " + file + " is " + what + ", which Tailor does not compute with; it knows "
                        + Arrays.toString(DType.values())
                        + ". Convert the checkpoint, or take a variant of the model that is not quantised",
                null);
    }
}
