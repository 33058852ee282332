package dev.tailor.zoo.preprocess;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file that make up the picture, checked; all others are dropped.
 *
 * <p>Colour profiles, gamma and transparency must not change the values, and compressed text could expand without bound.
 *
 * @param bitsPerPixel as stored
 * @param dataLength compressed bytes of pixels
 * @param essential a PNG file of header, palette and pixels only
 */
@SuppressWarnings("ArrayRecordComponent")
record PngFile(long width, long height, int bitsPerPixel, long dataLength, byte[] essential) {
    /** Deflate cannot compress by more than this. */
    private static final long MAX_RATIO = 1032;

    private static final int SIGNATURE = 8;
    private static final int FRAME = 12;

    static PngFile parse(byte[] bytes) throws IOException {
        if (bytes.length < SIGNATURE + FRAME + 13
                || i32(bytes, SIGNATURE) != 13
                || !type(bytes, SIGNATURE).equals("IHDR")) {
            throw new IOException("its header chunk IHDR is missing or incomplete");
        }
        long width = Integer.toUnsignedLong(i32(bytes, 16));
        long height = Integer.toUnsignedLong(i32(bytes, 20));
        int bits = bytes[24] * channels(bytes[25]);
        var out = new ByteArrayOutputStream(bytes.length);
        out.write(bytes, 0, SIGNATURE);
        long data = 0;
        int at = SIGNATURE;
        boolean ended = false;
        while (!ended) {
            String problem = problem(bytes, at);
            if (problem != null) {
                if (data > 0 && !problem.startsWith("IDAT")) {
                    // As Pillow does: what follows the pixels does not matter.
                    break;
                }
                throw new IOException(problem);
            }
            int length = i32(bytes, at);
            String type = type(bytes, at);
            if (type.equals("IDAT")) {
                data += length;
            }
            if (type.equals("IDAT") || type.equals("IHDR") || type.equals("PLTE")) {
                out.write(bytes, at, length + FRAME);
            }
            ended = type.equals("IEND");
            at += length + FRAME;
        }
        if (data == 0) {
            throw new IOException("it has no pixel data (chunk IDAT)");
        }
        out.writeBytes(new byte[] {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82});
        return new PngFile(width, height, bits, data, out.toByteArray());
    }

    /** Refuses a file too short for the size it declares, before memory for that size is taken. */
    void requirePlausibleData() throws IOException {
        long needed = width * height * bitsPerPixel / 8;
        if (needed / MAX_RATIO > dataLength) {
            throw new IOException("it declares " + width + " x " + height + " pixels, but has only " + dataLength
                    + " bytes of compressed data, which cannot hold them");
        }
    }

    private static @Nullable String problem(byte[] bytes, int at) {
        int left = bytes.length - at;
        if (left < FRAME) {
            return "it is truncated at byte " + at + ", where a chunk should begin";
        }
        int length = i32(bytes, at);
        String type = type(bytes, at);
        if (!type.matches("[A-Za-z]{4}")) {
            return "no chunk begins at byte " + at;
        }
        if (length < 0 || length > left - FRAME) {
            return type + " is truncated: the chunk at byte " + at + " needs " + Integer.toUnsignedString(length)
                    + " bytes, " + (left - FRAME) + " are left";
        }
        var crc = new CRC32();
        crc.update(bytes, at + 4, length + 4);
        return (int) crc.getValue() == i32(bytes, at + 8 + length)
                ? null
                : type + " is corrupt: the checksum of the chunk at byte " + at + " is wrong";
    }

    private static int i32(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getInt(at);
    }

    private static String type(byte[] bytes, int at) {
        return new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
    }

    private static int channels(byte colorType) throws IOException {
        return switch (colorType) {
            case 0, 3 -> 1;
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> throw new IOException("its colour type " + colorType + " is not defined");
        };
    }
}
