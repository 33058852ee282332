package dev.tailor.zoo.preprocess;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the header of a BMP file says, before its pixels are decoded. */
record BmpFile(long width, long height, int bits, int compression, long pixelsAt) {
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BITFIELDS = 3;

    static BmpFile parse(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.length < 18 ? 0 : in.getInt(14);
        if (header < 12 || header > 124 || bytes.length < 14 + header || (header > 12 && header < 40)) {
            throw new IOException("its header is incomplete or of an unknown kind (" + header + " bytes)");
        }
        boolean old = header == 12;
        long width = old ? Short.toUnsignedInt(in.getShort(18)) : in.getInt(18);
        long height = old ? Short.toUnsignedInt(in.getShort(20)) : Math.abs((long) in.getInt(22));
        int bits = in.getShort(old ? 24 : 28);
        int compression = old ? 0 : in.getInt(30);
        if (compression < 0 || compression > BITFIELDS) {
            throw new IOException("its compression " + compression + " is not supported");
        }
        if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
            throw new IOException("it has " + bits + " bits per pixel; 1, 4, 8, 16, 24 and 32 are supported");
        }
        return new BmpFile(width, height, bits, compression, Integer.toUnsignedLong(in.getInt(10)));
    }

    /** Refuses a file too short for the size it declares: the JDK's reader would fill the rest with black. */
    void requireComplete(int length) throws IOException {
        boolean runs = compression == RLE8 || compression == RLE4;
        long needed = pixelsAt + (runs ? 1 : (width * bits + 31) / 32 * 4 * height);
        if (needed > length) {
            throw new IOException("it is truncated: " + width + " x " + height + " pixels of " + bits + " bits need "
                    + needed + " bytes, the file has " + length);
        }
    }
}
