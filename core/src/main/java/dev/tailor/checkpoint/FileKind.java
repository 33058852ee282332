package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Recognises by its first bytes what is no safetensors file, so that the message can say what to do. */
final class FileKind {
    private static final int LOOK = 64;

    private FileKind() {}

    /** An exception that says what the file is, where that is known, and else what is wrong with it. */
    static CheckpointException explain(Path file, FileChannel channel, String wrong, @Nullable Throwable cause)
            throws IOException {
        Optional<String> other = of(channel);
        String message = other.isPresent()
                ? file + " is no safetensors file: it looks like " + other.get()
                : file + " is no valid safetensors file: " + wrong;
        return new CheckpointException(file, message, cause);
    }

    private static Optional<String> of(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LOOK);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // One read may give less than is there.
        }
        String start = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        String text = start.strip().toLowerCase(Locale.ROOT);
        if (start.isEmpty()) {
            return Optional.of("an empty file; fetch it again");
        }
        if (start.startsWith("version https://git-lfs")) {
            return Optional.of(
                    "a Git LFS pointer, a few lines that stand for the real file; run `git lfs pull`, or fetch"
                            + " the file from the hub");
        }
        if (text.startsWith("<!doctype") || text.startsWith("<html")) {
            return Optional.of("a web page, perhaps an error or a login page saved under this name; fetch it again");
        }
        if (start.startsWith("PK\3\4") || start.startsWith("\u0080\2\u008a\nl\u00fc")) {
            return Optional.of("a PyTorch checkpoint (or another zip)");
        }
        if (start.startsWith("\u0089HDF\r\n\u001a\n")) {
            return Optional.of("an HDF5 file, as Keras writes it");
        }
        if (start.startsWith("GGUF")) {
            return Optional.of("a GGUF file");
        }
        return Optional.empty();
    }
}
