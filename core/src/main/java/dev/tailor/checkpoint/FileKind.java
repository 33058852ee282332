package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Recognises a file by its first bytes, whatever its name. */
enum FileKind {
    /** Safetensors, or something unknown: its first bytes are only a number. */
    SAFETENSORS(""),
    ZIP("a zip file, perhaps a PyTorch checkpoint; read it by Checkpoint.open"),
    TORCH_LEGACY("a PyTorch checkpoint; read it by Checkpoint.open"),
    PICKLE("a pickle that torch.save did not write; Tailor reads no pickles but PyTorch's"),
    TAR("a tar file, perhaps a checkpoint of PyTorch 0.1; load it with an old PyTorch and save it again"),
    HDF5("an HDF5 file, as Keras writes it; read it by Checkpoint.open"),
    GGUF("a GGUF file, which Tailor does not read"),
    POINTER(
            "a Git LFS pointer, a few lines that stand for the real file; run `git lfs pull`, or fetch the file from the"
                    + " hub"),
    WEB_PAGE("a web page, perhaps an error or a login page saved under this name; fetch it again"),
    EMPTY("an empty file; fetch it again");

    private static final int LOOK = 512;
    private static final String MAGIC = "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";

    private final String words;

    FileKind(String words) {
        this.words = words;
    }

    static FileKind of(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LOOK);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // One read may give less than is there.
        }
        String start = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        String text = start.strip().toLowerCase(Locale.ROOT);
        if (start.isEmpty()) {
            return EMPTY;
        }
        if (start.startsWith("version https://git-lfs")) {
            return POINTER;
        }
        if (text.startsWith("<!doctype") || text.startsWith("<html")) {
            return WEB_PAGE;
        }
        if (start.startsWith("PK\3\4") || start.startsWith("PK\5\6")) {
            return ZIP;
        }
        if (start.startsWith("\u0089HDF\r\n\u001a\n")) {
            return HDF5;
        }
        if (start.startsWith("GGUF")) {
            return GGUF;
        }
        if (start.startsWith("ustar", 257)) {
            return TAR;
        }
        return pickle(start);
    }

    /** Pickles begin with their protocol; that of safetensors is part of a length, and its JSON begins at byte 8. */
    private static FileKind pickle(String start) {
        boolean old = start.startsWith("L" + TorchLegacy.MAGIC);
        boolean framed = start.startsWith("\u0095", 2) && start.startsWith(MAGIC, 11);
        if (old || (start.charAt(0) == 0x80 && (start.startsWith(MAGIC, 2) || framed))) {
            return TORCH_LEGACY;
        }
        boolean header = start.startsWith("{", 8) || start.startsWith("\0\0\0", 5);
        return start.length() > 2 && start.charAt(0) == 0x80 && start.charAt(1) <= 5 && !header ? PICKLE : SAFETENSORS;
    }

    /** An exception that says what the file is, where that is known, and else what is wrong with it. */
    static CheckpointException explain(Path file, FileChannel channel, String wrong, @Nullable Throwable cause)
            throws IOException {
        FileKind kind = of(channel);
        return kind == SAFETENSORS
                ? new CheckpointException(file, file + " is no valid safetensors file: " + wrong, cause)
                : kind.refusal(file, "no safetensors file", cause);
    }

    /** An exception that says what the file is. */
    CheckpointException refusal(Path file, String instead, @Nullable Throwable cause) {
        return new CheckpointException(file, file + " is " + instead + ": it looks like " + words, cause);
    }
}
