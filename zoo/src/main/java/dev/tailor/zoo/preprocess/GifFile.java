package dev.tailor.zoo.preprocess;

import java.io.IOException;
import java.util.Arrays;

/**
 * The first frame of a GIF file, placed on the canvas as Pillow does.
 *
 * @param palette RGB of the frame's colours, empty if the file has none and an index is a grey value
 * @param background the index of what the frame does not cover
 * @param dataAt where the compressed indices begin
 */
@SuppressWarnings("ArrayRecordComponent")
record GifFile(
        byte[] bytes,
        int canvasWidth,
        int canvasHeight,
        int left,
        int top,
        int width,
        int height,
        boolean interlaced,
        byte[] palette,
        int background,
        int dataAt) {
    private static final int MAX_CODES = 4096;

    static GifFile parse(byte[] bytes) throws IOException {
        try {
            return parseChecked(bytes);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("it is truncated before its first frame", e);
        }
    }

    private static GifFile parseChecked(byte[] bytes) throws IOException {
        int flags = bytes[10];
        int at = 13;
        byte[] palette = new byte[0];
        if ((flags & 0x80) != 0) {
            palette = palette(bytes, at, flags);
            at += palette.length;
        }
        int background = 0;
        while (bytes[at] != ',') {
            if (bytes[at] == ';') {
                throw new IOException("it has no frame");
            }
            if (bytes[at] != '!') {
                throw new IOException("byte " + at + " begins no block");
            }
            if (bytes[at + 1] == (byte) 0xf9 && (bytes[at + 3] & 1) != 0) {
                background = bytes[at + 6] & 0xff;
            }
            at += 2;
            while (bytes[at] != 0) {
                at += 1 + (bytes[at] & 0xff);
            }
            at++;
        }
        int left = u16(bytes, at + 1);
        int top = u16(bytes, at + 3);
        int width = u16(bytes, at + 5);
        int height = u16(bytes, at + 7);
        int frameFlags = bytes[at + 9];
        at += 10;
        if ((frameFlags & 0x80) != 0) {
            palette = palette(bytes, at, frameFlags);
            at += palette.length;
        }
        return new GifFile(
                bytes,
                Math.max(u16(bytes, 6), left + width),
                Math.max(u16(bytes, 8), top + height),
                left,
                top,
                width,
                height,
                (frameFlags & 0x40) != 0,
                palette,
                background,
                at);
    }

    RgbImage decode() throws IOException {
        byte[] indices = indices();
        byte[] out = new byte[3 * canvasWidth * canvasHeight];
        if (width < canvasWidth || height < canvasHeight) {
            for (int q = 0; q < out.length; q += 3) {
                put(background, out, q);
            }
        }
        int p = 0;
        for (int y = 0; y < height; y++) {
            int q = 3 * ((top + row(y)) * canvasWidth + left);
            for (int x = 0; x < width; x++, q += 3) {
                put(indices[p++] & 0xff, out, q);
            }
        }
        return new RgbImage(canvasWidth, canvasHeight, out);
    }

    /** Where the n-th stored row belongs: every 8th from 0, every 8th from 4, every 4th from 2, every 2nd from 1. */
    private int row(int n) {
        if (!interlaced) {
            return n;
        }
        int left = n;
        int[][] passes = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
        for (int[] pass : passes) {
            int rows = Math.max(0, (height - pass[0] + pass[1] - 1) / pass[1]);
            if (left < rows) {
                return pass[0] + left * pass[1];
            }
            left -= rows;
        }
        throw new IllegalStateException("row " + n + " of " + height);
    }

    private void put(int index, byte[] out, int q) {
        for (int c = 0; c < 3; c++) {
            out[q + c] =
                    palette.length == 0 ? (byte) index : 3 * index + c < palette.length ? palette[3 * index + c] : 0;
        }
    }

    /** LZW with codes of growing width; a string is its prefix and one more index, read off backwards. */
    private byte[] indices() throws IOException {
        int minimum = dataAt < bytes.length ? bytes[dataAt] : 0;
        if (minimum < 1 || minimum > 8) {
            throw new IOException("its first frame has no data or a code size of " + minimum);
        }
        byte[] data = joined(dataAt + 1);
        byte[] out = new byte[width * height];
        int clear = 1 << minimum;
        int[] prefix = new int[MAX_CODES];
        byte[] suffix = new byte[MAX_CODES];
        int[] lengths = new int[MAX_CODES];
        for (int i = 0; i < clear; i++) {
            suffix[i] = (byte) i;
            lengths[i] = 1;
        }
        int bits = minimum + 1;
        int next = clear + 2;
        int previous = -1;
        int n = 0;
        long bit = 0;
        while (n < out.length) {
            if (bit + bits > 8L * data.length) {
                throw truncated(n);
            }
            int code = code(data, bit, bits);
            bit += bits;
            if (code == clear) {
                bits = minimum + 1;
                next = clear + 2;
                previous = -1;
                continue;
            }
            if (code == clear + 1) {
                throw truncated(n);
            }
            boolean defined = previous < 0 ? code < clear : code < next || (code == next && next < MAX_CODES);
            if (!defined) {
                throw new IOException("its compressed data is corrupt after " + n + " pixels");
            }
            boolean fresh = code == next;
            int length = fresh ? lengths[previous] + 1 : lengths[code];
            int walk = fresh ? previous : code;
            int end = n + (fresh ? length - 1 : length);
            for (int q = end - 1; q >= n; q--) {
                if (q < out.length) {
                    out[q] = suffix[walk];
                }
                if (q > n) {
                    walk = prefix[walk];
                }
            }
            byte first = suffix[walk];
            if (fresh && end < out.length) {
                out[end] = first;
            }
            if (previous >= 0 && next < MAX_CODES) {
                prefix[next] = previous;
                suffix[next] = first;
                lengths[next] = lengths[previous] + 1;
                next++;
                if (next == 1 << bits && bits < 12) {
                    bits++;
                }
            }
            previous = code;
            n += length;
        }
        return out;
    }

    private IOException truncated(int pixels) {
        return new IOException("it is truncated: its first frame has " + pixels + " of " + width * height + " pixels");
    }

    private static int code(byte[] data, long bit, int bits) {
        int value = 0;
        for (int i = 0, p = (int) (bit >> 3); i < 3 && p < data.length; i++, p++) {
            value |= (data[p] & 0xff) << (8 * i);
        }
        return (value >> (bit & 7)) & ((1 << bits) - 1);
    }

    /** The data blocks without their lengths, as far as they go. */
    private byte[] joined(int start) {
        byte[] data = new byte[bytes.length - start];
        int n = 0;
        int at = start;
        while (at < bytes.length && bytes[at] != 0) {
            int length = Math.min(bytes[at] & 0xff, bytes.length - at - 1);
            System.arraycopy(bytes, at + 1, data, n, length);
            n += length;
            at += 1 + (bytes[at] & 0xff);
        }
        return Arrays.copyOf(data, n);
    }

    private static byte[] palette(byte[] bytes, int at, int flags) {
        int length = 3 << ((flags & 7) + 1);
        if (at + length > bytes.length) {
            throw new IndexOutOfBoundsException(at + length);
        }
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    private static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | ((bytes[at + 1] & 0xff) << 8);
    }
}
