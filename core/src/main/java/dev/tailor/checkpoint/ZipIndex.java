package dev.tailor.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the entries of a zip file lie: the part of the format that PyTorch and Keras write, zip64 too.
 *
 * <p>Read from the central directory alone. {@code java.util.zip} does not tell places, and stored entries are to be mapped.
 */
final class ZipIndex {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR64 = 0x07064b50;
    private static final long FULL = 0xFFFF_FFFFL;
    private static final int END_SIZE = 22;
    private static final int LARGEST_COMMENT = 0xFFFF;

    /** The heap that an entry takes for each byte of its place in the directory, with a margin. */
    private static final int HEAP_PER_BYTE = 32;

    /** An entry; {@code begin} and {@code end} are places in the file. */
    record Entry(String name, int method, boolean encrypted, long begin, long end, long size) {
        boolean isStored() {
            return method == 0 && !encrypted && end - begin == size;
        }
    }

    private final Path file;
    private final FileChannel channel;

    private ZipIndex(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The entries that are files, by name. */
    static Map<String, Entry> read(Path file, FileChannel channel) throws IOException {
        try {
            return new ZipIndex(file, channel).read();
        } catch (EOFException e) {
            throw new CheckpointException(file, "The zip file " + file + " was cut short; fetch it again", e);
        }
    }

    private Map<String, Entry> read() throws IOException {
        long end = end();
        ByteBuffer tail = at(end, END_SIZE);
        long count = tail.getShort(10) & 0xFFFF;
        long size = tail.getInt(12) & FULL;
        long start = tail.getInt(16) & FULL;
        if (count == 0xFFFF || size == FULL || start == FULL) {
            ByteBuffer locator = end < 20 ? ByteBuffer.allocate(20) : at(end - 20, 20);
            if (locator.getInt(0) == LOCATOR64) {
                ByteBuffer wide = at(locator.getLong(8), 56);
                if (wide.getInt(0) != END64) {
                    throw damaged("its zip64 directory is not where it should be");
                }
                count = wide.getLong(32);
                size = wide.getLong(40);
                start = wide.getLong(48);
            }
        }
        if (size < 0 || start < 0 || start > end - size || count < 0 || count > size / 46) {
            throw damaged("its directory of " + Long.toUnsignedString(count) + " entries does not lie within");
        }
        if (size > Runtime.getRuntime().maxMemory() / HEAP_PER_BYTE || size > Header.LARGEST) {
            throw damaged("its directory of " + size + " bytes is too large");
        }
        return entries(at(start, (int) size), (int) count, start);
    }

    /** The place of the end record: the last one whose comment reaches the file's end. */
    private long end() throws IOException {
        long length = channel.size();
        int window = (int) Math.min(length, END_SIZE + LARGEST_COMMENT);
        ByteBuffer tail = at(length - window, window);
        for (int i = window - END_SIZE; i >= 0; i--) {
            if (tail.getInt(i) == END && i + END_SIZE + (tail.getShort(i + 20) & 0xFFFF) == window) {
                return length - window + i;
            }
        }
        throw damaged("it has no directory: it was cut short; fetch it again");
    }

    private Map<String, Entry> entries(ByteBuffer directory, int count, long directoryStart) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (directory.limit() - at < 46 || directory.getInt(at) != CENTRAL) {
                throw damaged("entry " + i + " of its directory is no entry");
            }
            int nameLength = directory.getShort(at + 28) & 0xFFFF;
            int extraLength = directory.getShort(at + 30) & 0xFFFF;
            int next = at + 46 + nameLength + extraLength + (directory.getShort(at + 32) & 0xFFFF);
            if (next > directory.limit()) {
                throw damaged("entry " + i + " reaches beyond its directory");
            }
            byte[] name = new byte[nameLength];
            directory.get(at + 46, name);
            ByteBuffer extra =
                    directory.slice(at + 46 + nameLength, extraLength).order(ByteOrder.LITTLE_ENDIAN);
            Entry entry = entry(new String(name, StandardCharsets.UTF_8), directory, at, extra, directoryStart);
            if (!entry.name().endsWith("/") && entries.put(entry.name(), entry) != null) {
                throw damaged("it has two entries named " + Problems.shorten(entry.name()));
            }
            at = next;
        }
        overlaps(entries);
        return entries;
    }

    private Entry entry(String name, ByteBuffer directory, int at, ByteBuffer extra, long directoryStart)
            throws IOException {
        boolean encrypted = (directory.getShort(at + 8) & 1) != 0;
        int method = directory.getShort(at + 10) & 0xFFFF;
        long packed = directory.getInt(at + 20) & FULL;
        long size = directory.getInt(at + 24) & FULL;
        long header = directory.getInt(at + 42) & FULL;
        if (size == FULL || packed == FULL || header == FULL) {
            ByteBuffer wide = wide(extra, name);
            size = size == FULL ? next(wide, name) : size;
            packed = packed == FULL ? next(wide, name) : packed;
            header = header == FULL ? next(wide, name) : header;
        }
        if (header < 0 || header > directoryStart - 30 || packed < 0 || size < 0) {
            throw damaged("entry " + Problems.shorten(name) + " does not lie within");
        }
        ByteBuffer local = at(header, 30);
        long begin = header + 30 + (local.getShort(26) & 0xFFFF) + (local.getShort(28) & 0xFFFF);
        if (local.getInt(0) != LOCAL || packed > directoryStart - begin) {
            throw damaged("entry " + Problems.shorten(name) + " does not lie within");
        }
        return new Entry(name, method, encrypted, begin, begin + packed, size);
    }

    private ByteBuffer wide(ByteBuffer extra, String name) {
        for (int at = 0; at + 4 <= extra.limit(); ) {
            int length = extra.getShort(at + 2) & 0xFFFF;
            if (extra.getShort(at) == 1 && at + 4 + length <= extra.limit()) {
                return extra.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + length;
        }
        throw damaged("entry " + Problems.shorten(name) + " has no zip64 sizes");
    }

    private long next(ByteBuffer wide, String name) {
        if (wide.remaining() < Long.BYTES) {
            throw damaged("entry " + Problems.shorten(name) + " has no zip64 sizes");
        }
        return wide.getLong();
    }

    private void overlaps(Map<String, Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long reached = 0;
        for (Entry entry : sorted) {
            if (entry.begin() < reached) {
                throw damaged("entry " + Problems.shorten(entry.name()) + " overlaps another");
            }
            reached = entry.end();
        }
    }

    private ByteBuffer at(long place, int length) throws IOException {
        if (place < 0 || place > channel.size() - length) {
            throw new EOFException();
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, place + bytes.position()) < 0) {
                throw new EOFException();
            }
        }
        return bytes.flip();
    }

    private CheckpointException damaged(String what) {
        return new CheckpointException(file, "The zip file " + file + " is damaged: " + what, null);
    }
}
