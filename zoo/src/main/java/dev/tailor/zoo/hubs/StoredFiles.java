package dev.tailor.zoo.hubs;

import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Download;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.Downloader;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.hub.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What connectors do with files that are downloaded already. */
final class StoredFiles {
    private static final Logger LOG = LoggerFactory.getLogger(StoredFiles.class);

    private StoredFiles() {}

    /**
     * Downloads one file to its place, verified.
     *
     * @param size bytes, or -1 where only the server can tell
     * @param work a folder for the part and the lock, on the target's file system
     * @param key names them there; tells the content apart if a digest is known
     * @throws TailorException if it cannot be written
     */
    static void download(
            HubClient client,
            HubRequest get,
            long size,
            Digest digest,
            Path target,
            Path work,
            String key,
            DownloadListener listener,
            Function<HubResponse, HubException> errors) {
        // Without a digest nothing tells whether an old part and today's file belong together.
        Path kept = work.resolve(key + ".incomplete");
        Path partial = digest.isKnown() ? kept : AtomicFiles.unique(kept, "incomplete");
        String name = String.valueOf(target.getFileName());
        try {
            try {
                Files.createDirectories(work);
                // A large file is split only if its size is known, and only where a digest tells that the parts are of
                // one.
                Probe probe = size < 0 && digest.isKnown() ? Probe.of(client, get) : null;
                if (probe != null && !probe.isSuccess()) {
                    throw errors.apply(probe.answer());
                }
                Download download = new Download(
                        name,
                        probe == null ? get : probe.direct(),
                        get,
                        probe == null ? size : probe.size(),
                        digest,
                        target,
                        partial,
                        work.resolve(key + ".lock"),
                        errors);
                new Downloader(client).download(download, listener);
            } finally {
                if (!digest.isKnown()) {
                    Files.deleteIfExists(partial);
                }
            }
        } catch (IOException e) {
            throw cannotWrite(get.repository(), work, e);
        }
    }

    /** The failure to write a cache. */
    static TailorException cannotWrite(String what, Path folder, Exception e) {
        return new TailorException(
                what + ": cannot write the cache " + folder + ": " + e
                        + ". Check the free space and the permissions, or choose another folder.",
                e);
    }

    /** Makes a file visible at a second place: by a symbolic link, else by a hard one, else as a copy. What is there is replaced. */
    static void place(Path source, Path target) throws IOException {
        Path absolute = source.toAbsolutePath();
        try {
            AtomicFiles.create(target, temporary -> Files.createSymbolicLink(temporary, absolute));
            return;
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("No symbolic link for {}: {}", target, e.toString());
        }
        try {
            AtomicFiles.create(target, temporary -> Files.createLink(temporary, absolute));
            return;
        } catch (UnsupportedOperationException | FileSystemException e) {
            LOG.debug("No hard link for {}: {}", target, e.toString());
        }
        AtomicFiles.create(target, temporary -> Files.copy(absolute, temporary));
    }

    /** The SHA-256 of a file in 64 hex digits; ends when the thread is interrupted. */
    static String sha256(Path file) throws IOException {
        MessageDigest digest = start();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of a text's UTF-8 in 64 hex digits. */
    static String sha256(String text) {
        return HexFormat.of().formatHex(start().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
