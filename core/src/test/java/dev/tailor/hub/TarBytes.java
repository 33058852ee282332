package dev.tailor.hub;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes TAR archives, hostile ones included, as no library does. */
final class TarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    TarBytes file(String name, String text) {
        return entry('0', name, "", text);
    }

    TarBytes link(char type, String name, String target) {
        return entry(type, name, target, "");
    }

    /** One header of ustar, with the data behind it. */
    TarBytes entry(char type, String name, String target, String text) {
        byte[] header = new byte[512];
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        put(header, 0, 100, name);
        put(header, 100, 8, "0000644");
        put(header, 124, 12, String.format("%011o", data.length));
        header[156] = (byte) type;
        put(header, 157, 100, target);
        put(header, 257, 8, "ustar\00000");
        return block(header, data);
    }

    /** GNU tar's way for names above 100 bytes: an entry before the entry. */
    TarBytes gnuLong(String name, String text) {
        return entry('L', "././@LongLink", "", name + "\0").file(cut(name), text);
    }

    /** The way of POSIX.1-2001: a record {@code length path=name}. */
    TarBytes paxLong(String name, String text) {
        return pax('x', "path", name).file(cut(name), text);
    }

    TarBytes pax(char type, String key, String value) {
        String record = " " + key + "=" + value + "\n";
        int length = record.getBytes(StandardCharsets.UTF_8).length;
        int whole = length + String.valueOf(length).length();
        whole = length + String.valueOf(whole).length();
        return entry(type, "pax", "", whole + record);
    }

    byte[] bytes() {
        byte[] records = Arrays.copyOf(out.toByteArray(), out.size() + 1024);
        return Arrays.copyOf(records, (records.length + 10239) / 10240 * 10240);
    }

    private TarBytes block(byte[] header, byte[] data) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        put(header, 148, 8, String.format("%06o\0 ", sum));
        out.writeBytes(header);
        out.writeBytes(data);
        out.writeBytes(new byte[(512 - data.length % 512) % 512]);
        return this;
    }

    private static String cut(String name) {
        return name.replaceAll("[^a-z/]", "_").substring(0, 90);
    }

    private static void put(byte[] header, int offset, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, offset, Math.min(length, bytes.length));
    }
}
