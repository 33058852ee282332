package dev.tailor.hub;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model's files on this machine, at one revision. Immutable and safe for many threads; the files themselves are shared with
 * other programs and must not be changed.
 */
public final class Snapshot {
    /** Enough for every real repository; stops a walk when someone passes the root of a disk. */
    private static final int MOST_FILES = 100_000;

    /** Cards are prose of some pages; nobody reads more. */
    private static final int MOST_CARD = 1 << 20;

    private final String id;
    private final Path root;
    private final String revision;
    private final Map<String, Digest> digests;
    private final @Nullable String license;
    private final @Nullable ModelCard told;

    /**
     * Describes an existing folder.
     *
     * @param id the canonical model id
     * @param root the folder
     * @param revision 40-hex commit, or another immutable version, or empty where the hub knows none
     * @throws TailorException if the folder does not exist
     */
    public Snapshot(String id, Path root, String revision) {
        this(id, root, revision, Map.of(), null, null);
    }

    private Snapshot(
            String id,
            Path root,
            String revision,
            Map<String, Digest> digests,
            @Nullable String license,
            @Nullable ModelCard told) {
        this.id = id;
        this.told = told;
        this.digests = Collections.unmodifiableMap(new TreeMap<>(digests));
        this.license = license;
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

    /** The same with what the hub says that its files hash to, by their names relative to the root. */
    public Snapshot withDigests(Map<String, Digest> digests) {
        return new Snapshot(id, root, revision, digests, license, told);
    }

    /** The same with the licence that the hub tells, which counts more than the model card's; null if it tells none. */
    public Snapshot withLicense(@Nullable String license) {
        return new Snapshot(id, root, revision, digests, license, told);
    }

    /** The same with the card that the hub shows, for models whose files hold none; null if it shows none. */
    public Snapshot withCard(@Nullable ModelCard card) {
        return new Snapshot(id, root, revision, digests, license, card);
    }

    /** The scheme of the hub that the files are from, such as {@code hf}; {@code file} for plain folders. */
    public String hub() {
        return id.contains(":") ? id.substring(0, id.indexOf(':')) : ModelId.FILE;
    }

    /** What files must hash to, by their names relative to the root, as far as the hub told; those not fetched may be among them. */
    public Map<String, Digest> digests() {
        return digests;
    }

    /** The licence: what the hub tells, else the model card's; empty if neither says. */
    public Optional<String> license() {
        return Optional.ofNullable(license).or(() -> card().license());
    }

    /** The model card, {@code README.md}, read anew each time, else the one that the hub shows; empty if there is neither. */
    public ModelCard card() {
        Optional<Path> readme = file("README.md");
        if (readme.isEmpty()) {
            return told != null ? told : ModelCard.empty();
        }
        try (InputStream in = Files.newInputStream(readme.get())) {
            return ModelCard.parse(new String(in.readNBytes(MOST_CARD), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new TailorException(id + ": cannot read " + readme.get() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Hashes every file whose digest is known and compares.
     *
     * @return what is wrong, by file name; empty if all is well
     * @throws TailorException if a file cannot be read
     */
    public Map<String, String> verify() {
        Map<String, String> wrong = new TreeMap<>();
        digests.forEach((name, digest) -> file(name).ifPresent(path -> {
            try {
                String mismatch = digest.mismatch(path);
                if (mismatch != null) {
                    wrong.put(name, mismatch);
                }
            } catch (IOException e) {
                throw new TailorException(id + ": cannot read " + path + ": " + e.getMessage(), e);
            }
        }));
        return wrong;
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
