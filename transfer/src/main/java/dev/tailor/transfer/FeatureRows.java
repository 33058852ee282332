package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.transfer.head.Rows;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vectors of one width, on the heap or, past a budget, in a temporary file that is mapped and deleted at {@link #close}. Written
 * by one thread, then read by many.
 */
final class FeatureRows implements Rows, AutoCloseable {
    /** Bytes of one piece; a buffer holds less than 2 GiB. */
    private static final long PIECE = 1L << 28;

    private final int width;
    private final int rowsEach;
    private final List<FloatBuffer> pieces = new ArrayList<>();
    private final @Nullable Path file;
    private int size;

    /**
     * Makes room.
     *
     * @param most how many vectors there may be
     * @param budget bytes that may lie on the heap
     */
    FeatureRows(int most, int width, long budget) {
        this.width = width;
        long bytesEach = Math.max(1, (long) width * Float.BYTES);
        this.rowsEach = (int) Math.max(1, Math.min(most, PIECE / bytesEach));
        this.file = most * bytesEach > budget ? map(most, bytesEach) : null;
        for (int from = 0; file == null && from < most; from += rowsEach) {
            pieces.add(FloatBuffer.allocate(Math.min(rowsEach, most - from) * width));
        }
    }

    private Path map(int most, long bytesEach) {
        try {
            Path temporary = Files.createTempFile("tailor-features", ".bin");
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                for (long from = 0; from < most; from += rowsEach) {
                    long count = Math.min(rowsEach, most - from);
                    pieces.add(channel.map(FileChannel.MapMode.READ_WRITE, from * bytesEach, count * bytesEach)
                            .order(ByteOrder.nativeOrder())
                            .asFloatBuffer());
                }
                return temporary;
            } catch (IOException e) {
                Files.deleteIfExists(temporary);
                throw e;
            }
        } catch (IOException e) {
            throw new TailorException(
                    "Cannot keep " + most * bytesEach + " bytes of features in a temporary file: " + e
                            + ". Free space there, or allow more memory: FineTuning.featureMemory.",
                    e);
        }
    }

    boolean onDisk() {
        return file != null;
    }

    void add(float[] values, int offset) {
        piece(size).put((size % rowsEach) * width, values, offset, width);
        size++;
    }

    void set(int row, float[] values) {
        piece(row).put((row % rowsEach) * width, values, 0, width);
    }

    void get(int row, float[] into, int offset) {
        piece(row).get((row % rowsEach) * width, into, offset, width);
    }

    private FloatBuffer piece(int row) {
        return pieces.get(row / rowsEach);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public double dot(int row, double[] with, int offset) {
        FloatBuffer piece = piece(row);
        int at = (row % rowsEach) * width;
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += piece.get(at + i) * with[offset + i];
        }
        return sum;
    }

    @Override
    public void addTo(int row, double factor, double[] sums, int offset) {
        FloatBuffer piece = piece(row);
        int at = (row % rowsEach) * width;
        for (int i = 0; i < width; i++) {
            sums[offset + i] += factor * piece.get(at + i);
        }
    }

    @Override
    public void close() {
        pieces.clear();
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // Windows keeps a mapped file until its buffers are collected.
                file.toFile().deleteOnExit();
            }
        }
    }
}
