package dev.tailor.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a part of a file in order, in small steps, never beyond its end. */
final class PickleInput {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final long end;
    private long next;
    private ByteBuffer buffer = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);

    PickleInput(Path file, FileChannel channel, long start, long end) {
        this.file = file;
        this.channel = channel;
        this.next = start;
        this.end = end;
    }

    /** The place in the file of the byte to be read next. */
    long position() {
        return next - buffer.remaining();
    }

    long remaining() {
        return end - position();
    }

    int u8() throws IOException {
        return need(1).get() & 0xFF;
    }

    int u16() throws IOException {
        return need(2).getShort() & 0xFFFF;
    }

    int i32() throws IOException {
        return need(4).getInt();
    }

    long i64() throws IOException {
        return need(8).getLong();
    }

    double bigEndianDouble() throws IOException {
        return Double.longBitsToDouble(Long.reverseBytes(i64()));
    }

    /** Bytes whose number the file itself announces: checked before room is made for them. */
    byte[] bytes(long length) throws IOException {
        require(length);
        if (length > Integer.MAX_VALUE - 8) {
            throw damaged(length + " bytes announced, more than an array can hold");
        }
        byte[] bytes = new byte[(int) length];
        for (int done = 0; done < bytes.length; ) {
            ByteBuffer from = need(1);
            int count = Math.min(from.remaining(), bytes.length - done);
            from.get(bytes, done, count);
            done += count;
        }
        return bytes;
    }

    /** Steps over bytes. */
    void skip(long length) throws IOException {
        require(length);
        next = position() + length;
        buffer.limit(buffer.position());
    }

    /** Refuses a length, unsigned, beyond the end. */
    void require(long length) {
        if (length < 0 || length > remaining()) {
            throw damaged(Long.toUnsignedString(length) + " bytes announced, " + remaining() + " there");
        }
    }

    /** A line of ISO 8859-1 without its end. */
    String line(int longest) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = u8(); c != '\n'; c = u8()) {
            if (line.length() == longest) {
                throw damaged("a line longer than " + longest + " bytes");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    Path file() {
        return file;
    }

    CheckpointException damaged(String what) {
        return damaged(what, null);
    }

    CheckpointException damaged(String what, @Nullable Throwable cause) {
        return new CheckpointException(
                file, "The PyTorch file " + file + " is damaged: near byte " + position() + ", " + what, cause);
    }

    /** A buffer with at least so many bytes, up to eight. */
    private ByteBuffer need(int count) throws IOException {
        if (buffer.remaining() >= count) {
            return buffer;
        }
        if (remaining() < count) {
            throw damaged("it ends within a value: it was cut short; fetch it again");
        }
        ByteBuffer larger =
                ByteBuffer.allocate((int) Math.min(BUFFER, remaining())).order(ByteOrder.LITTLE_ENDIAN);
        larger.put(buffer);
        while (larger.hasRemaining()) {
            int read = channel.read(larger, next);
            if (read < 0) {
                throw damaged("the file was cut while it was read");
            }
            next += read;
        }
        buffer = larger.flip();
        return buffer;
    }
}
