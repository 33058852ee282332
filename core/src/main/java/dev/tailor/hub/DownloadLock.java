package dev.tailor.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to use a file's resumable partial. It saves work and is no more: whoever does not get it downloads into a partial of
 * its own, and publishing is a rename either way. So a file system without locks, or one whose locks do not see each other, does
 * no harm.
 */
final class DownloadLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DownloadLock.class);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** Pauses without a new byte after which the holder is taken for stuck: 30 s. */
    private static final int MOST_IDLE_PAUSES = 120;

    private final @Nullable FileChannel channel;
    private final boolean held;

    private DownloadLock(@Nullable FileChannel channel, boolean held) {
        this.channel = channel;
        this.held = held;
    }

    /**
     * Waits while another thread or process, which holds the lock, gets on with the file; ends without the lock when the file is
     * done, when the holder stands still, or when there are no locks here.
     */
    static DownloadLock acquire(
            Path file,
            String what,
            RetryPolicy.Sleeper sleeper,
            Deadline deadline,
            BooleanSupplier done,
            LongSupplier signOfLife)
            throws IOException {
        FileChannel channel = open(file);
        if (channel == null) {
            return new DownloadLock(null, false);
        }
        try {
            return new DownloadLock(channel, await(channel, what, sleeper, deadline, done, signOfLife));
        } catch (InterruptedException e) {
            channel.close();
            throw Retries.interrupted(what, e);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean await(
            FileChannel channel,
            String what,
            RetryPolicy.Sleeper sleeper,
            Deadline deadline,
            BooleanSupplier done,
            LongSupplier signOfLife)
            throws InterruptedException {
        long last = Long.MIN_VALUE;
        for (int idle = 0; idle < MOST_IDLE_PAUSES && !done.getAsBoolean(); idle++) {
            try {
                if (tryLock(channel)) {
                    return true;
                }
            } catch (IOException e) {
                LOG.debug("{}: no locks on this file system: {}", what, e.toString());
                return false;
            }
            if (last == Long.MIN_VALUE) {
                LOG.info("{}: another thread or process is downloading it; waiting", what);
            }
            if (!deadline.allows(PAUSE)) {
                throw deadline.exceeded(what, "another thread or process is downloading it");
            }
            long now = signOfLife.getAsLong();
            idle = now == last ? idle : 0;
            last = now;
            sleeper.sleep(PAUSE);
        }
        return false;
    }

    // Stays open until close() even if the lock is not got: closing it would drop a lock that another thread of this
    // process holds on the same file.
    private static @Nullable FileChannel open(Path file) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            LOG.debug("Cannot open the lock {}: {}", file, e.toString());
            return null;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    boolean isHeld() {
        return held;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
