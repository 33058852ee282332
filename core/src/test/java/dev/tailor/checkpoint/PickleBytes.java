package dev.tailor.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Pickles by hand, and the file of PyTorch's old format around one. */
final class PickleBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Opcodes, written as ISO 8859-1 text. */
    PickleBytes raw(String opcodes) {
        out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    PickleBytes text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return raw("X").i32(bytes.length).raw(text);
    }

    PickleBytes integer(int value) {
        return raw("J").i32(value);
    }

    PickleBytes i32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, value)
                .array());
        return this;
    }

    PickleBytes i64(long value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, value)
                .array());
        return this;
    }

    PickleBytes global(String module, String name) {
        return raw("c" + module + "\n" + name + "\n");
    }

    /** A float storage of the key {@code s}. */
    PickleBytes storage(int elements) {
        return raw("(").text("storage")
                .global("torch", "FloatStorage")
                .text("s")
                .text("cpu")
                .integer(elements)
                .raw("NtQ");
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    /** A whole file whose saved object is this pickle, without storages. */
    byte[] file() {
        return file("\u0080\2].", new byte[0]);
    }

    /** A whole file with one storage {@code s}. */
    byte[] file(int elements, int bytes) {
        byte[] data = new PickleBytes().i64(elements).toBytes();
        return file("\u0080\2]X\1\0\0\0sa.", Arrays.copyOf(data, 8 + bytes));
    }

    private byte[] file(String keys, byte[] behind) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new PickleBytes()
                .raw("\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.\u0080\2M\u00e9\3.\u0080\2}.")
                .toBytes());
        file.writeBytes(toBytes());
        file.writeBytes(new PickleBytes().raw(keys).toBytes());
        file.writeBytes(behind);
        return file.toByteArray();
    }
}
