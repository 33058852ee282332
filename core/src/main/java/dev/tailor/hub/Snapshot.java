package dev.tailor.hub;

import dev.tailor.TailorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model's files on this machine, at one revision. Immutable and safe for many threads; the files themselves are shared with
 * other programs and must not be changed.
 */
public final class Snapshot {
    /** Enough for every real repository; stops a walk when someone passes the root of a disk. */
    private static final int MOST_FILES = 100_000;

    private final String id;
    private final Path root;
    private final String revision;

    /**
     * Describes an existing folder.
     *
     * @param id the canonical model id
     * @param root the folder
     * @param revision 40-hex commit, or another immutable version, or empty where the hub knows none
     * @throws TailorException if the folder does not exist
     */
    public Snapshot(String id, Path root, String revision) {
        this.id = id;
        this.root = root.toAbsolutePath().normalize();
        this.revision = revision;
        if (!Files.isDirectory(this.root)) {
            throw new TailorException(id + ": " + this.root
                    + (Files.exists(this.root) ? " is a file; give its folder" : " does not exist"));
        }
    }

    /** The canonical id of the model. */
    public String id() {
        return id;
    }

    /** The folder that holds the files, absolute. */
    public Path root() {
        return root;
    }

    /** The immutable revision, a 40-hex commit for git-like hubs; empty for plain folders. */
    public String revision() {
        return revision;
    }

    /** A regular file by its name relative to the root, with {@code /} between folders; empty if there is none or the name leads out. */
    public Optional<Path> file(String name) {
        if (!RelativeName.isSafe(name)) {
            return Optional.empty();
        }
        Path file = root.resolve(name);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /**
     * A file that must be there.
     *
     * @throws TailorException if it is not; the message lists what is
     */
    public Path require(String name) {
        return file(name)
                .orElseThrow(() -> new TailorException(
                        id + " has no file " + name + " in " + root + ". It holds: " + shortList(files())));
    }

    /**
     * All regular files by their names relative to the root, sorted.
     *
     * @throws TailorException if the folder cannot be read
     */
    public List<String> files() {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.limit(MOST_FILES)
                    .filter(Files::isRegularFile)
                    .map(file -> root.relativize(file)
                            .toString()
                            .replace(root.getFileSystem().getSeparator(), "/"))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new TailorException(id + ": cannot list " + root + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return id + (revision.isEmpty() ? "" : " (" + revision + ")") + " in " + root;
    }

    private static String shortList(List<String> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        int shown = Math.min(names.size(), 30);
        return String.join(", ", names.subList(0, shown))
                + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
    }
}
