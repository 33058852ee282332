package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The data of a file as maps of at most 2 GiB, cut between tensors.
 *
 * <p>A tensor above 2 GiB gets maps that overlap by half, so that every part up to half a map lies in one of them. All maps
 * are made at once: that costs microseconds, and the file may be replaced afterwards.
 */
final class Regions {
    /** The most that one {@link ByteBuffer} can hold. */
    static final int LARGEST = Integer.MAX_VALUE;

    private final NavigableMap<Long, ByteBuffer> byStart = new TreeMap<>();
    private final int largest;

    private Regions(int largest) {
        this.largest = largest;
    }

    static Regions map(FileChannel channel, Header header, int largest) throws IOException {
        List<Header.Entry> sorted = new ArrayList<>(header.tensors().values());
        sorted.sort(Tiling.BY_OFFSET);
        Regions regions = new Regions(largest);
        regions.map(channel, header.dataStart(), sorted);
        return regions;
    }

    /** The longest part of a tensor that does not fit into one map. */
    int largestPart() {
        return (int) ((largest + 1L) / 2);
    }

    boolean fits(long size) {
        return size <= largest;
    }

    /** Bytes from an offset into the data; they must lie in one tensor and be within the limits above. */
    ByteBuffer slice(long offset, int length) {
        Map.Entry<Long, ByteBuffer> region = byStart.floorEntry(offset);
        if (length == 0 || region == null) {
            return ByteBuffer.allocateDirect(0).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        return region.getValue()
                .slice(Math.toIntExact(offset - region.getKey()), length)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private void map(FileChannel channel, long dataStart, Collection<Header.Entry> sorted) throws IOException {
        long start = 0;
        long end = 0;
        for (Header.Entry tensor : sorted) {
            if (tensor.end() - start > largest) {
                add(channel, dataStart, start, end);
                start = tensor.begin();
            }
            if (tensor.size() > largest) {
                for (; tensor.end() - start > largest; start += largestPart()) {
                    add(channel, dataStart, start, start + largest);
                }
                add(channel, dataStart, start, tensor.end());
                start = tensor.end();
            }
            end = tensor.end();
        }
        add(channel, dataStart, start, end);
    }

    private void add(FileChannel channel, long dataStart, long start, long end) throws IOException {
        if (end > start) {
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_ONLY, dataStart + start, end - start);
            byStart.put(start, map);
        }
    }
}
