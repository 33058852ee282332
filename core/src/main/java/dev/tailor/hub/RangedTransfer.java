package dev.tailor.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the bytes of one large file over several connections. Chunks are taken in order, so that the calling thread can hash the
 * file from its beginning while the rest still travels; the helpers are threads of this transfer alone and end with it.
 */
final class RangedTransfer {
    private static final long REPORT_EVERY = 1 << 20;
    private static final int NOTE_EVERY = 1 << 18;

    private final HubClient client;
    private final Download download;
    private final Path partial;
    private final DownloadListener listener;
    private final Ranges ranges;
    private final long total;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int next;
    private int working;
    private boolean stopped;
    private @Nullable Throwable failure;

    /** Another file, or a server that does not keep to ranges. */
    private static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * How it ended.
     *
     * @param hasRanges whether the server sends ranges of this file, and all bytes are there
     * @param mismatch what is wrong with the digest, or null
     */
    record Outcome(boolean hasRanges, @Nullable String mismatch) {
        static final Outcome WITHOUT_RANGES = new Outcome(false, null);
    }

    RangedTransfer(HubClient client, Download download, Path partial, DownloadListener listener, Ranges ranges) {
        this.client = client;
        this.download = download;
        this.partial = partial;
        this.listener = listener;
        this.ranges = ranges;
        this.total = download.size();
    }

    /** Returns when all bytes are there, or the server turned out not to send ranges; the partial is of no use then. */
    Outcome run() throws IOException {
        try (ChunkLog log = ChunkLog.open(partial, total, ranges.chunkOf(total))) {
            DiskSpace.require(download, partial, total - log.present());
            Digest.Running hash = download.digest().start(total);
            Source source = new Source(client, download);
            int first = take(log);
            Answer probe = null;
            if (first >= 0) {
                long from = log.position(first);
                probe = source.open(range(log, first));
                if (Source.continues(probe, from) != total) {
                    probe.close();
                    return Outcome.WITHOUT_RANGES;
                }
            }
            listener.started(download.file(), total);
            try {
                follow(log, hash, start(log, source, first, probe));
            } catch (LostException e) {
                return Outcome.WITHOUT_RANGES;
            }
            log.finish();
            return new Outcome(true, hash == null ? null : hash.mismatch());
        }
    }

    private List<Thread> start(ChunkLog log, Source source, int first, @Nullable Answer probe) {
        List<Thread> helpers = new ArrayList<>();
        for (int i = 0; i < ranges.connections() && first >= 0; i++) {
            int chunk = i == 0 ? first : take(log);
            if (chunk < 0) {
                break;
            }
            Source own = i == 0 ? source : new Source(client, download, source.request());
            Answer answer = i == 0 ? probe : null;
            Thread helper = new Thread(() -> work(log, own, chunk, answer), "tailor-download-" + (i + 1));
            helper.setDaemon(true);
            helpers.add(helper);
        }
        working = helpers.size();
        helpers.forEach(Thread::start);
        return helpers;
    }

    /** Hashes and reports on the calling thread until the helpers are done. */
    private void follow(ChunkLog log, Digest.@Nullable Running hash, List<Thread> helpers) throws IOException {
        long hashed = 0;
        long reported = -1;
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        try {
            while (true) {
                long present;
                long contiguous;
                boolean done;
                lock.lockInterruptibly();
                try {
                    contiguous = log.contiguous();
                    present = log.present();
                    while (failure == null
                            && working > 0
                            && hashed == contiguous
                            && present - reported < REPORT_EVERY) {
                        changed.await(1, TimeUnit.SECONDS);
                        contiguous = log.contiguous();
                        present = log.present();
                        if (client.deadline().hasPassed()) {
                            throw client.deadline().exceeded(download.what(), null);
                        }
                    }
                    rethrow();
                    done = working == 0;
                } finally {
                    lock.unlock();
                }
                if (present - reported >= REPORT_EVERY || (done && present > reported)) {
                    listener.progress(download.file(), present, total);
                    reported = present;
                }
                if (hash != null && hashed < contiguous) {
                    hashed += hash(log, hash, buffer, hashed, contiguous);
                } else if (hash == null) {
                    hashed = contiguous;
                }
                if (done && hashed == total) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            throw Retries.interrupted(download.what(), e);
        } finally {
            stop(helpers);
        }
    }

    private static int hash(ChunkLog log, Digest.Running hash, ByteBuffer buffer, long from, long to)
            throws IOException {
        buffer.clear().limit((int) Math.min(buffer.capacity(), to - from));
        int count = log.read(buffer, from);
        if (count <= 0) {
            throw new IOException("the partial file was cut off by someone else");
        }
        hash.update(buffer.flip());
        return count;
    }

    private void rethrow() throws IOException {
        Throwable thrown = failure;
        if (thrown instanceof IOException io) {
            throw io;
        }
        if (thrown instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    private void stop(List<Thread> helpers) {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
        Threads.end(helpers);
    }

    private void work(ChunkLog log, Source source, int first, @Nullable Answer probe) {
        Throwable thrown = null;
        try {
            Answer answer = probe;
            for (int chunk = first; chunk >= 0; chunk = take(log)) {
                bring(log, source, chunk, answer);
                answer = null;
            }
        } catch (IOException | RuntimeException | Error e) {
            thrown = e;
        }
        lock.lock();
        try {
            working--;
            // What comes after the first failure is its consequence.
            failure = failure == null ? thrown : failure;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void bring(ChunkLog log, Source source, int chunk, @Nullable Answer opened) throws IOException {
        Answer answer = opened;
        while (!log.isWhole(chunk)) {
            long from = log.position(chunk);
            try (Answer current = answer != null ? answer : source.open(range(log, chunk))) {
                if (Source.continues(current, from) != total) {
                    throw new LostException();
                }
                source.requirePlain(current);
                receive(log, source, chunk, current);
            }
            answer = null;
        }
    }

    private void receive(ChunkLog log, Source source, int chunk, Answer answer) throws IOException {
        byte[] buffer = new byte[256 * 1024];
        long from = log.position(chunk);
        long end = log.end(chunk);
        long position = from;
        long noted = from;
        IOException cut = null;
        while (cut == null) {
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
            if (position + count > end) {
                throw source.failed("the hub sends more bytes than it was asked for");
            }
            log.write(ByteBuffer.wrap(buffer, 0, count), position);
            position += count;
            if (position - noted >= NOTE_EVERY || position == end) {
                note(log, chunk, position);
                noted = position;
            }
        }
        note(log, chunk, position);
        if (position > from) {
            source.progressed();
        }
        if (position < end) {
            source.cut(
                    cut != null ? cut : new IOException("the body ended at byte " + position + " of " + end),
                    answer,
                    present(log),
                    total);
        }
    }

    private void note(ChunkLog log, int chunk, long position) throws IOException {
        lock.lock();
        try {
            log.advance(chunk, position);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private long present(ChunkLog log) {
        lock.lock();
        try {
            return log.present();
        } finally {
            lock.unlock();
        }
    }

    /** The next chunk that nobody works on, or -1. */
    private int take(ChunkLog log) {
        lock.lock();
        try {
            while (next < log.count() && log.isWhole(next)) {
                next++;
            }
            return stopped || failure != null || next == log.count() ? -1 : next++;
        } finally {
            lock.unlock();
        }
    }

    private static String range(ChunkLog log, int chunk) {
        return "bytes=" + log.position(chunk) + "-" + (log.end(chunk) - 1);
    }
}
