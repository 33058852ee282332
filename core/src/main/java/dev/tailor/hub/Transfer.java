package dev.tailor.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Gathers the bytes of one file in a partial one after the other, over as many answers as it takes. Used by one thread. */
final class Transfer {
    private static final int REPORT_EVERY = 1 << 20;

    private final Download download;
    private final Path partial;
    private final DownloadListener listener;
    private final Source source;

    /** Bytes of the whole file, or -1 while unknown. */
    private long total;

    /** The digest of the first {@link #hashed} bytes, or null where it cannot begin before the size is known. */
    private Digest.@Nullable Running hash;

    private long hashed;

    Transfer(HubClient client, Download download, Path partial, DownloadListener listener) {
        this.download = download;
        this.partial = partial;
        this.listener = listener;
        this.source = new Source(client, download);
        this.total = download.size();
    }

    /** Bytes of a file, or -1 if there is none. */
    static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Returns when the partial holds as many bytes as the file has: null if they have the right digest, else what is wrong. */
    @Nullable
    String run() throws IOException {
        listener.started(download.file(), total);
        if (total >= 0 && sizeOf(partial) > total) {
            Files.delete(partial);
        }
        if (total == 0) {
            FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
        DiskSpace.require(download, partial, total - Math.max(0, sizeOf(partial)));
        while (total < 0 || sizeOf(partial) < total) {
            if (attempt()) {
                break;
            }
        }
        return mismatch();
    }

    /** One answer; true when the body ended and no size says that bytes are missing. */
    private boolean attempt() throws IOException {
        long have = Math.max(0, sizeOf(partial));
        catchUp(have);
        try (Answer answer = source.open(have > 0 ? "bytes=" + have + "-" : null)) {
            if (answer.status() == 200) {
                if (have > 0) {
                    Files.delete(partial);
                }
                return receive(answer, 0);
            }
            long told = have > 0 ? Source.continues(answer, have) : -2;
            if (told >= -1 && (told < 0 || total < 0 || told == total)) {
                total = Math.max(total, told);
                return receive(answer, have);
            }
            // The hub's file is not the one that this part is of.
            Files.deleteIfExists(partial);
            source.again(
                    "the hub does not continue at byte " + have,
                    null,
                    () -> source.failed("the hub answers ranges wrongly"));
            return false;
        }
    }

    private boolean receive(Answer answer, long from) throws IOException {
        if (total < 0 && from == 0) {
            total = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
            DiskSpace.require(download, partial, total);
        }
        source.requirePlain(answer);
        if (from == 0) {
            restart();
        }
        long position = from;
        IOException cut = null;
        try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[64 * 1024];
            long reported = from;
            while (true) {
                int count;
                try {
                    count = answer.body().read(buffer);
                } catch (IOException e) {
                    cut = e;
                    break;
                }
                if (count < 0) {
                    break;
                }
                if (total >= 0 && position + count > total) {
                    throw source.failed("the hub sends more than the " + total + " bytes that it announces");
                }
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                for (long at = position; bytes.hasRemaining(); ) {
                    at += out.write(bytes, at);
                }
                if (hash != null && hashed == position) {
                    hash.update(buffer, count);
                    hashed += count;
                }
                position += count;
                if (position - reported >= REPORT_EVERY || position == total) {
                    listener.progress(download.file(), position, total);
                    reported = position;
                }
            }
            out.force(true);
        }
        if (position > from) {
            source.progressed();
        }
        if (cut == null && (total < 0 || position >= total)) {
            return true;
        }
        source.cut(
                cut != null ? cut : new IOException("the body ended at byte " + position + " of " + total),
                answer,
                position,
                total);
        return false;
    }

    private void restart() {
        hash = download.digest().start(total);
        hashed = 0;
    }

    /** Hashes what is in the partial already, before a connection waits for it. */
    private void catchUp(long have) throws IOException {
        if (hash == null || hashed > have) {
            restart();
        }
        if (hash != null && hashed < have) {
            hash.update(partial, hashed, have);
            hashed = have;
        }
    }

    private @Nullable String mismatch() throws IOException {
        long size = sizeOf(partial);
        if (hash == null || hashed > size) {
            return download.digest().mismatch(partial);
        }
        catchUp(size);
        return hash.mismatch();
    }
}
