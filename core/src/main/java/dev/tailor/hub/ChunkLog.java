package dev.tailor.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A partial whose bytes arrive in several places at once, and the note of how far each place is. The note lies behind the file's last
 * byte, so that the two cannot be parted and the partial is too long to be taken for the file; it is cut off at the end.
 *
 * <p>Bytes are written before they are noted, so a killed process leaves at most bytes that are there and not noted. Not safe for
 * many threads, except that {@link #write} may be called by any number of them.
 */
final class ChunkLog implements AutoCloseable {
    private static final long MAGIC = 0x5441494C4F520001L;
    private static final int HEAD = 8 + 8 + 4 + 4;

    private final FileChannel channel;
    private final long total;
    private final int chunk;
    private final int[] done;
    private int whole;

    private ChunkLog(FileChannel channel, long total, int chunk) {
        this.channel = channel;
        this.total = total;
        this.chunk = chunk;
        this.done = new int[(int) ((total + chunk - 1) / chunk)];
    }

    /** Goes on with a partial, be it one with a note or the plain beginning of the file; anything else is dropped. */
    static ChunkLog open(Path partial, long total, int chunk) throws IOException {
        FileChannel channel =
                FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ChunkLog log = new ChunkLog(channel, total, chunk);
            long size = channel.size();
            if (size <= total) {
                log.beginning(size);
            } else if (!log.read(size)) {
                channel.truncate(0);
            }
            log.writeAll();
            return log;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    int count() {
        return done.length;
    }

    /** The first byte of a chunk that is missing. */
    long position(int index) {
        return (long) index * chunk + done[index];
    }

    /** The byte behind a chunk. */
    long end(int index) {
        return Math.min(total, (long) (index + 1) * chunk);
    }

    boolean isWhole(int index) {
        return position(index) == end(index);
    }

    /** Bytes from the beginning without a gap. */
    long contiguous() {
        while (whole < done.length && isWhole(whole)) {
            whole++;
        }
        return whole == done.length ? total : position(whole);
    }

    /** Bytes that are there, wherever. */
    long present() {
        long sum = 0;
        for (int bytes : done) {
            sum += bytes;
        }
        return sum;
    }

    /** Writes bytes without noting them. */
    void write(ByteBuffer bytes, long position) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += channel.write(bytes, at);
        }
    }

    /** Notes that a chunk is there up to a position. */
    void advance(int index, long position) throws IOException {
        done[index] = (int) (position - (long) index * chunk);
        write(ByteBuffer.allocate(4).putInt(done[index]).flip(), total + HEAD + 4L * index);
    }

    /** Reads bytes that are there. */
    int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
    }

    /** Cuts the note off and brings the file to the disk. */
    void finish() throws IOException {
        channel.truncate(total);
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void beginning(long size) {
        for (int i = 0; i < done.length; i++) {
            done[i] = (int) Math.max(0, Math.min(size - (long) i * chunk, end(i) - (long) i * chunk));
        }
    }

    private boolean read(long size) throws IOException {
        int length = HEAD + 4 * done.length;
        if (size != total + length) {
            return false;
        }
        ByteBuffer note = ByteBuffer.allocate(length);
        while (note.hasRemaining() && channel.read(note, total + note.position()) >= 0) {}
        note.flip();
        if (note.remaining() != length
                || note.getLong() != MAGIC
                || note.getLong() != total
                || note.getInt() != chunk
                || note.getInt() != done.length) {
            return false;
        }
        for (int i = 0; i < done.length; i++) {
            done[i] = note.getInt();
            if (done[i] < 0 || position(i) > end(i)) {
                java.util.Arrays.fill(done, 0);
                return false;
            }
        }
        return true;
    }

    private void writeAll() throws IOException {
        ByteBuffer note = ByteBuffer.allocate(HEAD + 4 * done.length);
        note.putLong(MAGIC).putLong(total).putInt(chunk).putInt(done.length);
        for (int bytes : done) {
            note.putInt(bytes);
        }
        write(note.flip(), total);
    }
}
