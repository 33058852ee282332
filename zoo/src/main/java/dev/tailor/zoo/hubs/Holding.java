package dev.tailor.zoo.hubs;

import dev.tailor.TailorException;
import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.Failures;
import dev.tailor.hub.NotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much some files of a cache are.
 *
 * @param files how many of them exist
 * @param bytes their size
 * @param lastUsed when one was last read or written
 */
record Holding(int files, long bytes, Instant lastUsed) {
    /** What a connector does with a cache that may fail to be read or written. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Measures files; links are followed, what does not exist does not count. */
    static Holding of(Collection<Path> files) throws IOException {
        int count = 0;
        long bytes = 0;
        Instant lastUsed = Instant.EPOCH;
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                count++;
                bytes += attributes.size();
                Instant read = attributes.lastAccessTime().toInstant();
                Instant written = attributes.lastModifiedTime().toInstant();
                Instant used = read.isAfter(written) ? read : written;
                lastUsed = used.isAfter(lastUsed) ? used : lastUsed;
            }
        }
        return new Holding(count, bytes, lastUsed);
    }

    /** The regular files and the links below a folder; no link to a folder is followed. */
    static List<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** A model that is a folder of files which nobody shares; null if the folder holds none. */
    static @Nullable CachedModel model(
            String id, String hub, String revision, List<String> names, @Nullable Path cache, Path root)
            throws IOException {
        Holding held = of(below(root));
        return held.files() == 0 ? null : held.model(id, hub, revision, names, cache, root, held.bytes());
    }

    CachedModel model(
            String id, String hub, String revision, List<String> names, @Nullable Path cache, Path root, long freed) {
        return new CachedModel(id, hub, revision, names, cache, root, files, bytes, freed, lastUsed);
    }

    /** Reads a cache. */
    static <T> T reading(Path cache, Work<T> work) {
        try {
            return work.run();
        } catch (IOException | UncheckedIOException e) {
            throw new TailorException("Cannot read the cache " + cache + ": " + e, e);
        }
    }

    /** The model as the cache has it now. */
    static CachedModel require(CachedModel model, List<CachedModel> cached) {
        return cached.stream()
                .filter(model::isSameAs)
                .findFirst()
                .orElseThrow(() -> new NotFoundException(
                        NotFoundException.Missing.REVISION,
                        model.id(),
                        model.id() + " is not in the cache any more, in " + model.root()));
    }

    /** Part of a removal. */
    @FunctionalInterface
    interface Removal {
        void run(CacheRemoval removal) throws IOException;
    }

    static void removing(Path cache, CachedModel model, Removal work) {
        try (CacheRemoval removal = CacheRemoval.begin(cache, model.id())) {
            work.run(removal);
        } catch (IOException e) {
            throw new TailorException(
                    model.id() + ": cannot delete it from the cache " + cache + ": " + Failures.explain(e), e);
        }
    }

    /** Without the empty places of what is not there. */
    static List<CachedModel> present(List<@Nullable CachedModel> models) {
        List<CachedModel> present = new ArrayList<>();
        for (CachedModel model : models) {
            if (model != null) {
                present.add(model);
            }
        }
        return present;
    }
}
