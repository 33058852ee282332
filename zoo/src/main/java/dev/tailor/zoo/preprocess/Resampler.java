package dev.tailor.zoo.preprocess;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Resizes as Pillow's {@code Image.resize} does, bit for bit: a horizontal pass rounded to 8 bits, then a vertical one.
 *
 * <p>Only a window of the result is computed, so a centre crop after a resize costs just what it shows. Rows that passed
 * the horizontal filter wait in a ring no longer than the vertical filter, so memory does not grow with the image.
 */
final class Resampler {
    private final RgbImage source;
    private final int left;
    private final int columns;
    private final @Nullable Taps horizontal;

    private Resampler(RgbImage source, int left, int columns, @Nullable Taps horizontal) {
        this.source = source;
        this.left = left;
        this.columns = columns;
        this.horizontal = horizontal;
    }

    /**
     * Returns the {@code window} of {@code source} resized to {@code width} x {@code height}.
     *
     * @param window a part of the resized image, inside it
     */
    static RgbImage resize(RgbImage source, int width, int height, Resampling filter, Window window) {
        byte[] out = new byte[3 * window.width() * window.height()];
        if (filter == Resampling.NEAREST) {
            nearest(source, width, height, window, out);
        } else {
            Taps horizontal = width == source.width()
                    ? null
                    : Taps.of(filter, source.width(), width, window.left(), window.width());
            var resampler = new Resampler(source, window.left(), window.width(), horizontal);
            if (height == source.height()) {
                resampler.rows(window.top(), out);
            } else {
                resampler.vertical(Taps.of(filter, source.height(), height, window.top(), window.height()), out);
            }
        }
        return new RgbImage(window.width(), window.height(), out);
    }

    /** Without a vertical pass. */
    private void rows(int top, byte[] out) {
        int stride = 3 * columns;
        int[] row = new int[horizontal == null ? 0 : stride];
        for (int y = 0; y < out.length / stride; y++) {
            if (horizontal == null) {
                System.arraycopy(source.data(), 3 * ((top + y) * source.width() + left), out, y * stride, stride);
            } else {
                horizontalRow(horizontal, top + y, row);
                for (int i = 0; i < stride; i++) {
                    out[y * stride + i] = (byte) row[i];
                }
            }
        }
    }

    private void vertical(Taps taps, byte[] out) {
        int stride = 3 * columns;
        int[][] ring = new int[taps.size()][];
        int[] sums = new int[stride];
        int next = 0;
        for (int y = 0; y < taps.first().length; y++) {
            int first = taps.first()[y];
            int end = first + taps.count()[y];
            for (next = Math.max(next, first); next < end; next++) {
                int slot = next % ring.length;
                if (ring[slot] == null) {
                    ring[slot] = new int[stride];
                }
                load(next, ring[slot]);
            }
            Arrays.fill(sums, Taps.half());
            for (int k = first; k < end; k++) {
                add(ring[k % ring.length], taps.weights()[y * taps.size() + k - first], sums);
            }
            for (int i = 0; i < stride; i++) {
                out[y * stride + i] = (byte) Taps.clip(sums[i]);
            }
        }
    }

    /** A loop of its own, over int arrays, so that the compiler vectorises it. */
    private static void add(int[] row, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i] * weight;
        }
    }

    private void load(int y, int[] row) {
        if (horizontal != null) {
            horizontalRow(horizontal, y, row);
            return;
        }
        int from = 3 * (y * source.width() + left);
        for (int i = 0; i < row.length; i++) {
            row[i] = source.data()[from + i] & 0xff;
        }
    }

    private void horizontalRow(Taps taps, int y, int[] row) {
        byte[] data = source.data();
        int[] weights = taps.weights();
        int start = 3 * y * source.width();
        for (int x = 0; x < columns; x++) {
            int p = start + 3 * taps.first()[x];
            int w = x * taps.size();
            int end = w + taps.count()[x];
            int r = Taps.half();
            int g = r;
            int b = r;
            for (; w < end; w++, p += 3) {
                int weight = weights[w];
                r += (data[p] & 0xff) * weight;
                g += (data[p + 1] & 0xff) * weight;
                b += (data[p + 2] & 0xff) * weight;
            }
            row[3 * x] = Taps.clip(r);
            row[3 * x + 1] = Taps.clip(g);
            row[3 * x + 2] = Taps.clip(b);
        }
    }

    private static void nearest(RgbImage source, int width, int height, Window window, byte[] out) {
        int[] xs = nearestIndices(source.width(), width, window.left(), window.width());
        int[] ys = nearestIndices(source.height(), height, window.top(), window.height());
        byte[] data = source.data();
        int q = 0;
        for (int y : ys) {
            for (int x : xs) {
                int p = 3 * (y * source.width() + x);
                out[q++] = data[p];
                out[q++] = data[p + 1];
                out[q++] = data[p + 2];
            }
        }
    }

    /** Adds up the step as Pillow does: the rounding errors of the sum decide ties. */
    private static int[] nearestIndices(int in, int out, int from, int length) {
        double step = (double) in / out;
        double position = step * 0.5;
        int[] indices = new int[length];
        for (int i = 0; i < from + length; i++) {
            if (i >= from) {
                indices[i - from] = Math.min((int) position, in - 1);
            }
            position += step;
        }
        return indices;
    }

    /** A rectangle of a resized image. */
    record Window(int left, int top, int width, int height) {}
}
