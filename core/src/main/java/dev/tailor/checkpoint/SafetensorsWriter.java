package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes a safetensors file under a temporary name, then moves it into place. */
final class SafetensorsWriter {
    /** The reference sorts by its own list of types, descending, which is also by size; then by the bytes of the name. */
    private static final Comparator<TensorData> ORDER = Comparator.<TensorData>comparingInt(
                    tensor -> StoredType.writingRank(tensor.info().dtype()))
            .thenComparing(tensor -> tensor.info().name(), SafetensorsWriter::compareCodePoints);

    /** The most to hand to the channel at once: it copies heap buffers to native memory of the same size. */
    private static final int PART = 1 << 20;

    private SafetensorsWriter() {}

    static void write(Path file, Collection<TensorData> tensors, Map<String, String> metadata) {
        List<TensorData> sorted = new ArrayList<>(tensors);
        sorted.sort(ORDER);
        byte[] header = HeaderText.of(sorted.stream().map(TensorData::info).toList(), metadata);
        if (header.length > Header.LARGEST) {
            throw new CheckpointException(
                    file,
                    "Cannot write " + file + ": the header of " + tensors.size() + " tensors takes " + header.length
                            + " bytes, and readers take at most " + Header.LARGEST,
                    null);
        }
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer prefix = ByteBuffer.allocate(Header.PREFIX).order(ByteOrder.LITTLE_ENDIAN);
                writeAll(channel, prefix.putLong(0, header.length));
                writeAll(channel, ByteBuffer.wrap(header));
                for (TensorData tensor : sorted) {
                    write(channel, file, tensor);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            delete(temporary, e);
            throw new CheckpointException(file, "Cannot write " + file + ": " + e, e);
        } catch (RuntimeException | Error e) {
            delete(temporary, e);
            throw e;
        }
    }

    private static void write(FileChannel channel, Path file, TensorData tensor) throws IOException {
        TensorInfo info = tensor.info();
        long written = 0;
        for (ByteBuffer part : tensor.parts()) {
            written += part.remaining();
            if (written > info.byteSize()) {
                break;
            }
            writeAll(channel, part.duplicate());
        }
        if (written != info.byteSize()) {
            throw new CheckpointException(
                    file.toString(),
                    info.name(),
                    "Cannot write " + file + ": tensor " + info.name() + ", " + info + ", takes " + info.byteSize()
                            + " bytes and yields " + (written > info.byteSize() ? "more" : written),
                    null);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            bytes.limit(bytes.position() + Math.min(PART, end - bytes.position()));
            channel.write(bytes);
        }
    }

    private static void delete(Path temporary, Throwable failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** The order of UTF-8 bytes, which above U+FFFF is not the order of Java's characters. */
    private static int compareCodePoints(String a, String b) {
        int i = 0;
        while (i < a.length() && i < b.length()) {
            int left = a.codePointAt(i);
            int right = b.codePointAt(i);
            if (left != right) {
                return Integer.compare(left, right);
            }
            i += Character.charCount(left);
        }
        return Integer.compare(a.length(), b.length());
    }
}
