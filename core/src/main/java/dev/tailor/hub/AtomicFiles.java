package dev.tailor.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Files that appear whole or not at all: written beside their place, then renamed. */
public final class AtomicFiles {
    /** Writes the content of a file into a new, empty path. */
    @FunctionalInterface
    public interface Writer {
        /** Creates the file or symbolic link at that path, which does not exist. */
        void write(Path temporary) throws IOException;
    }

    private AtomicFiles() {}

    /** A path beside the file that no other thread or process uses: {@code name.<8 hex>.suffix}. */
    public static Path unique(Path file, String suffix) {
        String random = String.format("%08x", ThreadLocalRandom.current().nextInt());
        return file.resolveSibling(file.getFileName() + "." + random + "." + suffix);
    }

    /** Writes exactly these bytes; an existing file is replaced, a reader sees the old or the new one. */
    public static void write(Path file, byte[] content) throws IOException {
        create(file, temporary -> Files.write(temporary, content));
    }

    /** Lets the writer make a file or symbolic link beside its place and renames it there. */
    public static void create(Path file, Writer writer) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path temporary = unique(file, "tmp");
        try {
            writer.write(temporary);
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Renames within one file system, replacing what is there; a symbolic link at the target is replaced, not followed. */
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes a file, or a folder with all that is in it; links in it are removed, not followed. Does nothing if there is none. */
    public static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path entry : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
