package dev.tailor.zoo.hubs;

import com.google.gson.Gson;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Digest;
import dev.tailor.hub.RelativeName;
import dev.tailor.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One repository in the cache of huggingface_hub, which Python and Java share: {@code refs}, {@code blobs}, {@code snapshots} and
 * {@code .no_exist} as Python has them. Java's own listings stay apart in {@code .tailor}: Python takes one in {@code trees} as a
 * promise that every listed file is here, and Tailor leaves out what it does not need.
 */
final class HuggingFaceCache {
    private static final Logger LOG = LoggerFactory.getLogger(HuggingFaceCache.class);
    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This file is a cache directory tag created by Tailor, for the cache of huggingface_hub.
            # For information about cache directory tags, see:
            #\thttps://bford.info/cachedir/
            """;

    private final Path root;
    private final String repository;
    private final Path folder;
    private final boolean symlinks;

    HuggingFaceCache(Path root, String repository, boolean symlinks) {
        this.root = root;
        this.repository = repository;
        String name = "models--" + repository.replace("/", "--");
        this.folder = root.resolve(name);
        this.symlinks = symlinks;
    }

    Path folder() {
        return folder;
    }

    /** The commit of a revision as far as the cache knows: itself, or what its ref says. */
    Optional<String> commit(String revision) {
        if (HuggingFaceApi.isCommit(revision)) {
            return Optional.of(revision);
        }
        try {
            String commit =
                    Files.readString(ref(revision), StandardCharsets.ISO_8859_1).strip();
            return Optional.of(commit).filter(HuggingFaceApi::isCommit);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("Cannot read {}: {}", ref(revision), e.toString());
            return Optional.empty();
        }
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    Path pointer(String commit, String name) {
        return RelativeName.resolve(snapshot(commit), name, repository);
    }

    Path blob(String etag) {
        return folder.resolve("blobs").resolve(etag);
    }

    /** Private to Tailor, since others may not continue what it left. */
    Path partial(String etag) {
        return folder.resolve("blobs").resolve(etag + ".tailor.incomplete");
    }

    Path lock(String etag) {
        return root.resolve(".locks").resolve(folder.getFileName()).resolve(etag + ".lock");
    }

    /** Whether a path leads to a regular file of that size, or of any size where it is unknown. */
    static boolean isWhole(Path file, long size) {
        try {
            return Files.isRegularFile(file) && (size < 0 || Files.size(file) == size);
        } catch (IOException e) {
            return false;
        }
    }

    /** The listing of a commit that Tailor or Python noted earlier. */
    Optional<HuggingFaceListing> listing(String commit) {
        for (Path file : List.of(ownListing(commit), folder.resolve("trees").resolve(commit + ".json"))) {
            if (Files.isRegularFile(file)) {
                try {
                    return Optional.of(HuggingFaceListing.ofJson(Json.readObject(file), repository));
                } catch (TailorException e) {
                    LOG.warn("Ignoring the cached listing {}: {}", file, e.getMessage());
                }
            }
        }
        return Optional.empty();
    }

    /** The names in a snapshot, for caches that hold no listing. */
    List<String> localNames(String commit) {
        Path snapshot = snapshot(commit);
        if (!Files.isDirectory(snapshot)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(snapshot)) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file)
                            .toString()
                            .replace(snapshot.getFileSystem().getSeparator(), "/"))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new TailorException("Cannot list " + snapshot + ": " + e.getMessage(), e);
        }
    }

    /** The digest that the blob behind a link of a snapshot is named by; none for plain files. */
    Digest linked(String commit, String name) {
        Path pointer = pointer(commit, name);
        try {
            // The first link only: a blob may be a link itself, into a store that names its files otherwise.
            return Files.isSymbolicLink(pointer)
                    ? Digest.ofEtag(
                            String.valueOf(Files.readSymbolicLink(pointer).getFileName()))
                    : Digest.none();
        } catch (IOException e) {
            LOG.debug("Cannot read the link {}: {}", pointer, e.toString());
            return Digest.none();
        }
    }

    void writeTag() throws IOException {
        Path tag = root.resolve("CACHEDIR.TAG");
        if (!Files.exists(tag)) {
            AtomicFiles.write(tag, TAG.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** 40 bytes and no newline: Python compares the whole text. */
    void writeRef(String revision, String commit) throws IOException {
        if (!HuggingFaceApi.isCommit(revision) && !commit(revision).equals(Optional.of(commit))) {
            AtomicFiles.write(ref(revision), commit.getBytes(StandardCharsets.US_ASCII));
        }
    }

    boolean hasListing(String commit) {
        return Files.isRegularFile(ownListing(commit))
                || Files.isRegularFile(folder.resolve("trees").resolve(commit + ".json"));
    }

    void writeListing(String commit, HuggingFaceListing listing) throws IOException {
        byte[] json = new Gson().toJson(listing.toJson()).getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(ownListing(commit), json);
    }

    void writeAbsent(String commit, String name) throws IOException {
        Path file = RelativeName.resolve(folder.resolve(".no_exist").resolve(commit), name, repository);
        if (!Files.exists(file)) {
            AtomicFiles.write(file, new byte[0]);
        }
    }

    /**
     * Makes a blob visible in a snapshot: by a relative link, or as a plain file where links are not allowed.
     *
     * @param fresh whether nothing else can refer to the blob yet, so that it may be moved
     */
    void publish(Path blob, Path pointer, boolean fresh) throws IOException {
        Path parent = Objects.requireNonNull(pointer.getParent());
        if (symlinks) {
            Path target = parent.relativize(blob);
            try {
                AtomicFiles.create(pointer, temporary -> Files.createSymbolicLink(temporary, target));
                return;
            } catch (UnsupportedOperationException | FileSystemException e) {
                LOG.debug("No symbolic link for {}: {}", pointer, e.toString());
            }
        }
        try {
            if (fresh) {
                Files.createDirectories(parent);
                AtomicFiles.move(blob, pointer);
            } else {
                AtomicFiles.create(pointer, temporary -> Files.copy(blob, temporary));
            }
        } catch (NoSuchFileException e) {
            // Another thread or process has moved the same blob to the same place.
            if (!Files.isRegularFile(pointer)) {
                throw e;
            }
        }
    }

    private Path ref(String revision) {
        return RelativeName.resolve(folder.resolve("refs"), revision, repository);
    }

    private Path ownListing(String commit) {
        return folder.resolve(".tailor").resolve("trees").resolve(commit + ".json");
    }
}
