package dev.tailor.hub;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads TAR: ustar, the extended headers of POSIX.1-2001 (pax) and the long names of GNU tar, which is what Python, GNU and BSD tar
 * write. Sparse files and several volumes are refused.
 */
final class TarReader {
    private static final int BLOCK = 512;

    /** Names of thousands of characters fit; a header that asks for gigabytes does not. */
    private static final int MOST_HEADER = 1 << 20;

    /** GNU tar fills the last record of 10 KiB; others write larger ones. */
    private static final int MOST_PADDING = 4 << 20;

    private final InputStream in;
    private final Unpacking unpacking;
    private final Map<String, String> global = new HashMap<>();
    private Map<String, String> next = new HashMap<>();

    private TarReader(InputStream in, Unpacking unpacking) {
        this.in = in;
        this.unpacking = unpacking;
    }

    /** Hands every entry over, and reads to the very end, so that a checksum behind the data is verified. */
    static void unpack(InputStream in, Unpacking unpacking) throws IOException {
        new TarReader(in, unpacking).run();
    }

    private void run() throws IOException {
        byte[] header = new byte[BLOCK];
        while (true) {
            int count = in.readNBytes(header, 0, BLOCK);
            if (count == 0) {
                return;
            }
            if (count < BLOCK) {
                throw new EOFException("the last header is incomplete");
            }
            if (isZero(header)) {
                byte[] rest = in.readNBytes(MOST_PADDING + 1);
                if (rest.length > MOST_PADDING || !isZero(rest)) {
                    throw unpacking.refused("there is data behind its end");
                }
                return;
            }
            entry(header);
        }
    }

    private void entry(byte[] header) throws IOException {
        check(header);
        long size = number(header, 124, 12, "size");
        char type = (char) (header[156] & 0xFF);
        switch (type) {
            case 'x', 'X' -> pax(text(size), next);
            case 'g' -> pax(text(size), global);
            case 'L' -> next.put("path", zeroEnded(text(size)));
            case 'K' -> next.put("linkpath", zeroEnded(text(size)));
            default -> {
                member(header, type, size);
                next = new HashMap<>();
                return;
            }
        }
        unpacking.entry();
    }

    private void member(byte[] header, char type, long announced) throws IOException {
        String prefix = isPosix(header) ? field(header, 345, 155) : "";
        String plain = field(header, 0, 100);
        String name = extended("path", prefix.isEmpty() ? plain : prefix + "/" + plain);
        if (extended("GNU.sparse.major", extended("GNU.sparse.map", "")).length() > 0) {
            throw unpacking.refused(Unpacking.shown(name) + " is a sparse file");
        }
        long size = size(extended("size", ""), announced);
        switch (type) {
            case '0', '\0', '7' -> {
                if (name.endsWith("/")) {
                    // Before ustar, folders were told by their names.
                    unpacking.folder(name);
                    skip(size);
                    return;
                }
                Body body = new Body(in, size);
                unpacking.file(name, body, size);
                skip(padding(size));
            }
            case '5' -> {
                unpacking.folder(name);
                skip(size);
            }
            case '1', '2' -> unpacking.link(name, extended("linkpath", field(header, 157, 100)), type == '1');
            case '3', '4', '6' -> throw unpacking.refused(Unpacking.shown(name) + " is a device or a pipe");
            default ->
                throw unpacking.refused(
                        Unpacking.shown(name) + " is of the unknown kind " + Unpacking.shown(String.valueOf(type)));
        }
    }

    private String extended(String key, String otherwise) {
        return next.getOrDefault(key, global.getOrDefault(key, otherwise));
    }

    private long size(String extended, long announced) {
        if (extended.isEmpty()) {
            return announced;
        }
        if (!extended.matches("[0-9]{1,18}")) {
            throw unpacking.refused("it is damaged: a size is " + Unpacking.shown(extended));
        }
        return Long.parseLong(extended);
    }

    /** Records of {@code length key=value newline}, the length counting itself. */
    private void pax(byte[] records, Map<String, String> into) {
        for (int at = 0; at < records.length && records[at] != 0; ) {
            int blank = at;
            while (blank < records.length && records[blank] >= '0' && records[blank] <= '9' && blank - at < 8) {
                blank++;
            }
            int length =
                    blank == at ? 0 : Integer.parseInt(new String(records, at, blank - at, StandardCharsets.US_ASCII));
            int end = at + length;
            if (length < blank - at + 3 || end > records.length || records[blank] != ' ' || records[end - 1] != '\n') {
                throw unpacking.refused("it is damaged: an extended header is wrong");
            }
            String record = new String(records, blank + 1, end - blank - 2, StandardCharsets.UTF_8);
            int equals = record.indexOf('=');
            if (equals <= 0) {
                throw unpacking.refused("it is damaged: an extended header is wrong");
            }
            into.put(record.substring(0, equals), record.substring(equals + 1));
            at = end;
        }
    }

    private byte[] text(long size) throws IOException {
        if (size > MOST_HEADER) {
            throw unpacking.refused("an extended header has " + size + " bytes");
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new EOFException("an extended header is incomplete");
        }
        skip(padding(size));
        return bytes;
    }

    private void check(byte[] header) {
        long sum = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : header[i];
            sum += b & 0xFF;
            signed += b;
        }
        long told = number(header, 148, 8, "checksum");
        // Some old writers added signed bytes.
        if (told != sum && told != signed) {
            throw unpacking.refused("it is damaged: the checksum of a header is wrong");
        }
    }

    /** Octal digits, or GNU's big-endian binary with the top bit set. */
    private long number(byte[] header, int offset, int length, String what) {
        long value = 0;
        if ((header[offset] & 0x80) != 0) {
            value = header[offset] & 0x7F;
            for (int i = 1; i < length; i++) {
                if (value >> 54 != 0) {
                    throw unpacking.refused("it is damaged: a " + what + " is out of range");
                }
                value = value << 8 | (header[offset + i] & 0xFF);
            }
            return value;
        }
        String digits = field(header, offset, length).strip();
        if (!digits.matches("[0-7]{0,20}")) {
            throw unpacking.refused("it is damaged: a " + what + " is " + Unpacking.shown(digits));
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    private void skip(long count) throws IOException {
        in.skipNBytes(count);
    }

    private static long padding(long size) {
        return (BLOCK - size % BLOCK) % BLOCK;
    }

    private static boolean isPosix(byte[] header) {
        return field(header, 257, 6).equals("ustar");
    }

    private static String field(byte[] header, int offset, int length) {
        return zeroEnded(Arrays.copyOfRange(header, offset, offset + length));
    }

    private static String zeroEnded(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Exactly the bytes of one member. */
    private static final class Body extends FilterInputStream {
        private long left;

        Body(InputStream in, long size) {
            super(in);
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = super.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("a file is incomplete");
            }
            left -= count;
            return count;
        }
    }
}
