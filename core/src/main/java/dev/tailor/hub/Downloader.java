package dev.tailor.hub;

import dev.tailor.TailorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Downloads files so that they appear complete and verified or not at all, resuming what an earlier try left. Safe for many threads
 * and processes, also on the same file.
 */
public final class Downloader {
    private static final Logger LOG = LoggerFactory.getLogger(Downloader.class);

    private final HubClient client;
    private final Ranges ranges;

    /** Downloads through that client, with its time limits and its retries. */
    public Downloader(HubClient client) {
        this(client, Ranges.standard());
    }

    /** Downloads through that client, and splits large files in that way. */
    public Downloader(HubClient client, Ranges ranges) {
        this.client = client;
        this.ranges = ranges;
    }

    /**
     * Brings the file to its target, unless another thread or process did so meanwhile.
     *
     * @return whether this call put the file there
     * @throws HubException if the hub refuses, its answers break off too often, or the bytes do not match size or digest; nothing
     *     is published then
     * @throws TailorException if the file cannot be written
     */
    public boolean download(Download download, DownloadListener listener) {
        try {
            createParent(download.target());
            createParent(download.partial());
            try (DownloadLock lock = DownloadLock.acquire(
                    download.lock(),
                    download.what(),
                    client.retries().sleeper(),
                    client.deadline(),
                    () -> isThere(download),
                    () -> signOfLife(download.partial()))) {
                if (isThere(download)) {
                    return false;
                }
                if (lock.isHeld()) {
                    bring(download, download.partial(), listener);
                } else {
                    alone(download, listener);
                }
                return true;
            }
        } catch (IOException e) {
            IOException failure = HubClient.interruptedOr(download.what(), e);
            throw new TailorException(
                    download.what() + ": cannot write " + download.target() + ": " + Failures.explain(failure),
                    failure);
        }
    }

    /** Whether the target holds a file of the right size; a link without a file behind it does not count. */
    private static boolean isThere(Download download) {
        long size = Transfer.sizeOf(download.target());
        return size >= 0 && (download.size() < 0 || size == download.size());
    }

    private void alone(Download download, DownloadListener listener) throws IOException {
        Path own = AtomicFiles.unique(download.target(), "incomplete");
        try {
            bring(download, own, listener);
        } finally {
            Files.deleteIfExists(own);
        }
    }

    private void bring(Download download, Path partial, DownloadListener listener) throws IOException {
        boolean resumed = Transfer.sizeOf(partial) > 0;
        while (true) {
            String mismatch = transfer(download, partial, listener);
            if (mismatch == null) {
                AtomicFiles.move(partial, download.target());
                listener.finished(download.file(), Transfer.sizeOf(download.target()));
                return;
            }
            Files.deleteIfExists(partial);
            if (!resumed) {
                throw new VerificationException(
                        download.what() + ": the downloaded bytes are not those that the hub announces: " + mismatch
                                + ". Nothing was kept; try again, and check proxies between here and the hub.",
                        download.repository(),
                        download.again().uri());
            }
            // The earlier part may have been damaged on this machine; the whole file decides.
            LOG.warn("{}: the resumed download is damaged ({}); starting over", download.what(), mismatch);
            resumed = false;
        }
    }

    private @Nullable String transfer(Download download, Path partial, DownloadListener listener) throws IOException {
        if (download.size() >= ranges.from() && ranges.connections() > 1) {
            var outcome = new RangedTransfer(client, download, partial, listener, ranges).run();
            if (outcome.hasRanges()) {
                return outcome.mismatch();
            }
            LOG.debug("{}: the hub sends no ranges of it", download.what());
            Files.deleteIfExists(partial);
        }
        return new Transfer(client, download, partial, listener).run();
    }

    /** Changes while another process writes; a partial with gaps keeps its size. */
    private static long signOfLife(Path partial) {
        try {
            return Files.getLastModifiedTime(partial).toMillis() * 31 + Files.size(partial);
        } catch (IOException e) {
            return -1;
        }
    }

    private static void createParent(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }
}
