package dev.tailor.engine.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in protobuf's wire format ({@code protobuf.dev/programming-guides/encoding}). Fields are written in the order they are added; large ones
 * are made only when the message is written, so that a model needs no memory for its weights.
 */
final class Message {
    private static final int VARINT = 0;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    /** Bytes of a known number. */
    interface Part {
        long size();

        void writeTo(WritableByteChannel channel) throws IOException;
    }

    private record Bytes(byte[] content) implements Part {
        @Override
        public long size() {
            return content.length;
        }

        @Override
        public void writeTo(WritableByteChannel channel) throws IOException {
            writeAll(channel, ByteBuffer.wrap(content));
        }
    }

    private final List<Part> parts = new ArrayList<>();
    private ByteArrayOutputStream open = new ByteArrayOutputStream();
    private long size;

    /** A whole number or an enum. */
    Message number(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /** A 32-bit float. */
    Message real(int field, float value) {
        tag(field, FIXED32);
        byte[] bytes = new byte[Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
        open.writeBytes(bytes);
        size += bytes.length;
        return this;
    }

    /** Text in UTF-8. */
    Message text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes. */
    Message bytes(int field, byte[] value) {
        tag(field, DELIMITED);
        varint(value.length);
        open.writeBytes(value);
        size += value.length;
        return this;
    }

    /** A message within; it must not change any more. */
    Message message(int field, Message value) {
        tag(field, DELIMITED);
        varint(value.size);
        if (value.parts.isEmpty()) {
            open.writeBytes(value.open.toByteArray());
        } else {
            close();
            parts.addAll(value.parts());
        }
        size += value.size;
        return this;
    }

    /** Bytes that are made when they are written. */
    Message part(int field, Part value) {
        tag(field, DELIMITED);
        varint(value.size());
        close();
        parts.add(value);
        size += value.size();
        return this;
    }

    /** The number of bytes. */
    long size() {
        return size;
    }

    /** Writes all fields. */
    void writeTo(WritableByteChannel channel) throws IOException {
        for (Part part : parts()) {
            part.writeTo(channel);
        }
    }

    /** Writes what a buffer holds, however little a channel takes at a time. */
    static void writeAll(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private List<Part> parts() {
        close();
        return parts;
    }

    private void close() {
        if (open.size() > 0) {
            parts.add(new Bytes(open.toByteArray()));
            open = new ByteArrayOutputStream();
        }
    }

    private void tag(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            open.write((int) ((rest & 0x7F) | 0x80));
            size++;
            rest >>>= 7;
        }
        open.write((int) rest);
        size++;
    }
}
