package dev.tailor.hub;

import dev.tailor.TailorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes a model out of a cache that other threads and processes use: first the locks of its downloads are taken, then what vouches
 * for it is removed, then its folder goes at once by a rename, its bytes last. Links are removed and not followed, and a path that
 * links lead out of the cache is refused. Used by one thread.
 */
public final class CacheRemoval implements AutoCloseable {
    private static final Pattern RETIRED = Pattern.compile(".+\\.[0-9a-f]{8}\\.deleted");

    private final Path cache;
    private final String what;
    private final Map<Path, FileChannel> locks = new LinkedHashMap<>();

    private CacheRemoval(Path cache, String what) {
        this.cache = cache;
        this.what = what;
    }

    /** Begins to remove something, named in messages, from a cache folder that exists. */
    public static CacheRemoval begin(Path cache, String what) throws IOException {
        return new CacheRemoval(cache.toRealPath(), what);
    }

    /**
     * Takes the lock of a download, and holds it until the end.
     *
     * @throws UnavailableException if somebody else holds it
     */
    public void lock(Path lock) throws IOException {
        if (!tryLock(lock)) {
            throw new UnavailableException(
                    UnavailableException.Reason.BUSY,
                    what
                            + ": another thread or process is downloading it; nothing was deleted. Try again when it is done.",
                    what,
                    null,
                    0,
                    null);
        }
    }

    /** Takes every lock in a folder, files called {@code *.lock}; see {@link #lock}. Does nothing if there is no such folder. */
    public void lockAll(Path folder) throws IOException {
        for (Path file : children(folder)) {
            if (file.getFileName().toString().endsWith(".lock") && Files.isRegularFile(file)) {
                lock(file);
            }
        }
    }

    /** Takes the lock of a download if nobody else holds it. */
    public boolean tryLock(Path lock) throws IOException {
        Path path = lock.toAbsolutePath().normalize();
        if (locks.containsKey(path)) {
            return true;
        }
        requireInside(path);
        Files.createDirectories(path.getParent());
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean taken = false;
        try {
            taken = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } finally {
            if (taken) {
                locks.put(path, channel);
            } else {
                channel.close();
            }
        }
        return taken;
    }

    /** Removes a file, a link, or a folder with all that is in it. Does nothing if there is none. */
    public void remove(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        requireInside(path);
        try {
            AtomicFiles.deleteTree(path);
        } catch (NoSuchFileException e) {
            // Another process removes the same.
            AtomicFiles.deleteTree(path);
        }
    }

    /**
     * Takes a folder or file away at once by a rename into another folder of the same file system, and returns its new place.
     * {@link #removeRetired} removes it, also for somebody who was killed in between.
     */
    public Path retire(Path path, Path trash) throws IOException {
        requireInside(path);
        Files.createDirectories(trash);
        Path retired = AtomicFiles.unique(trash.resolve(path.getFileName()), "deleted");
        requireInside(retired);
        Files.move(path, retired);
        return retired;
    }

    /** What {@link #retire} put into that folder and nobody has removed. */
    public List<Path> retired(Path trash) throws IOException {
        return children(trash).stream()
                .filter(child -> RETIRED.matcher(child.getFileName().toString()).matches())
                .toList();
    }

    /** Removes what {@link #retire} put into that folder. */
    public void removeRetired(Path trash) throws IOException {
        for (Path path : retired(trash)) {
            remove(path);
        }
    }

    /** Removes a folder and those in it as far as they hold no file. */
    public void removeEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        requireInside(folder);
        List<Path> folders;
        try (Stream<Path> walk = Files.walk(folder)) {
            folders = walk.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : folders) {
            try {
                Files.deleteIfExists(path);
            } catch (DirectoryNotEmptyException e) {
                // Somebody uses it; it stays.
            }
        }
    }

    /** What lies in a folder; nothing if there is none. */
    public static List<Path> children(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Gives the locks back; their files stay, as others may be waiting for them. */
    @Override
    public void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        for (FileChannel channel : locks.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        locks.clear();
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }

    private void requireInside(Path path) throws IOException {
        Path folder = path.toAbsolutePath().normalize().getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        if (folder == null || !folder.toRealPath().startsWith(cache)) {
            throw new TailorException(what + ": links lead from " + path + " out of the cache " + cache
                    + ", so it was not deleted. Delete it by hand where it really is.");
        }
    }
}
