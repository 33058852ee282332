package dev.tailor.checkpoint;

import com.google.gson.stream.MalformedJsonException;
import dev.tailor.json.JsonStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file: 8 bytes of length, then JSON.
 *
 * <p>Follows the parser of safetensors 0.8, and its specification where the two differ: duplicate keys are refused.
 *
 * @param tensors by name, in the order of the header
 * @param dataStart the place in the file from which the offsets count
 */
record Header(Map<String, Entry> tensors, Map<String, String> metadata, long dataStart) {
    static final String METADATA = "__metadata__";
    static final int LARGEST = 100_000_000;
    static final int PREFIX = Long.BYTES;

    /** The heap that the worst JSON takes per byte; where the JVM has less, the header is refused rather than tried. */
    static final int HEAP_PER_BYTE = 20;

    /** A tensor's place; the offsets count from the end of the header. */
    record Entry(String name, StoredType type, List<Long> shape, long begin, long end) {
        long size() {
            return end - begin;
        }
    }

    static Header read(Path file, FileChannel channel) throws IOException {
        long length = channel.size();
        long size = size(file, channel, length);
        Map<String, Entry> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            channel.position(PREFIX);
            JsonStream.read(
                    new Limited(Channels.newInputStream(channel), size),
                    json -> json.object(name -> {
                        if (!name.equals(METADATA)) {
                            tensors.put(name, entry(json, name));
                        } else if (!json.nextIsNull()) {
                            json.object(key -> metadata.put(key, json.string()));
                        }
                    }));
        } catch (MalformedJsonException | EOFException e) {
            throw FileKind.explain(file, channel, "the header is not valid: " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw FileKind.explain(file, channel, "the header is not valid UTF-8", e);
        }
        Tiling.check(file, tensors.values(), length - PREFIX - size);
        return new Header(tensors, metadata, PREFIX + size);
    }

    private static long size(Path file, FileChannel channel, long length) throws IOException {
        if (length < PREFIX) {
            throw FileKind.explain(
                    file, channel, "it has " + length + " bytes, and the length of the header alone takes 8", null);
        }
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
        while (prefix.hasRemaining()) {
            if (channel.read(prefix, prefix.position()) < 0) {
                throw new EOFException("the file was cut while it was read");
            }
        }
        long size = prefix.getLong(0);
        if (size < 0 || size > length - PREFIX) {
            String found = Long.toUnsignedString(size) + " bytes of header announced, " + (length - PREFIX) + " there";
            throw FileKind.explain(file, channel, found, null);
        }
        if (size == 0) {
            throw FileKind.explain(file, channel, "the header is empty; the smallest is {}", null);
        }
        if (size > LARGEST) {
            throw FileKind.explain(file, channel, "a header of " + size + " bytes; the limit is " + LARGEST, null);
        }
        if (size > Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE) {
            throw new CheckpointException(
                    file,
                    "Cannot read " + file + ": its header of " + size
                            + " bytes may take more heap than this JVM has; give it at least -Xmx"
                            + (size * HEAP_PER_BYTE / (1 << 20) + 1) + "m",
                    null);
        }
        return size;
    }

    private static Entry entry(JsonStream json, String name) throws IOException {
        Fields fields = new Fields();
        json.object(field -> {
            switch (field) {
                case "dtype" -> fields.type = type(name, json.string());
                case "shape" -> fields.shape = numbers(json);
                case "data_offsets" -> fields.offsets = numbers(json);
                default -> json.skip();
            }
        });
        return fields.entry(name);
    }

    private static StoredType type(String tensor, String name) throws MalformedJsonException {
        Optional<StoredType> type = StoredType.of(name);
        if (type.isEmpty()) {
            throw new MalformedJsonException("tensor \"" + Problems.shorten(tensor) + "\" has the unknown dtype \""
                    + Problems.shorten(name) + "\"");
        }
        return type.get();
    }

    private static List<Long> numbers(JsonStream json) throws IOException {
        List<Long> numbers = new ArrayList<>(4);
        json.array(() -> numbers.add(json.wholeNumber()));
        return List.copyOf(numbers);
    }

    /** The fields of one tensor, in whatever order they come. */
    private static final class Fields {
        private @Nullable StoredType type;
        private @Nullable List<Long> shape;
        private @Nullable List<Long> offsets;

        private Entry entry(String name) throws MalformedJsonException {
            if (type == null || shape == null || offsets == null) {
                String missing = type == null ? "dtype" : shape == null ? "shape" : "data_offsets";
                throw new MalformedJsonException("tensor \"" + Problems.shorten(name) + "\" has no " + missing);
            }
            if (offsets.size() != 2) {
                throw new MalformedJsonException("tensor \"" + Problems.shorten(name) + "\" has " + offsets.size()
                        + " data_offsets; there must be a begin and an end");
            }
            return new Entry(name, type, shape, offsets.get(0), offsets.get(1));
        }
    }

    /** The first bytes of a stream. */
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        private Limited(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && length > 0) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(length, left));
            if (count > 0) {
                left -= count;
            }
            return count;
        }
    }
}
