package dev.tailor.zoo.preprocess;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** PNG files with something wrong about them. */
final class Pngs {
    private Pngs() {}

    /** A well-formed file of 90 bytes whose header declares this size. */
    static byte[] declaring(int width, int height) {
        ByteBuffer out = ByteBuffer.allocate(8 + 25 + 45 + 12);
        out.putLong(0x89504e470d0a1a0aL);
        out.putInt(13).put("IHDR".getBytes()).putInt(width).putInt(height);
        out.put(new byte[] {8, 2, 0, 0, 0}).putInt(0);
        out.putInt(33).put("IDAT".getBytes()).put(new byte[33]).putInt(0);
        out.putInt(0).put("IEND".getBytes()).putInt(0);
        repairChecksums(out.array());
        return out.array();
    }

    /** Makes checksums right again, so that damage gets past them; other files stay as they are. */
    static void repairChecksums(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (file.length < 8 || bytes.getLong(0) != 0x89504e470d0a1a0aL) {
            return;
        }
        for (int at = 8; at + 12 <= file.length; ) {
            int length = bytes.getInt(at);
            if (length < 0 || length > file.length - at - 12) {
                return;
            }
            var crc = new CRC32();
            crc.update(file, at + 4, length + 4);
            bytes.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
    }
}
