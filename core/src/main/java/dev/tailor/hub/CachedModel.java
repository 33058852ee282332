package dev.tailor.hub;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model at one revision in the cache of a hub.
 *
 * @param id fetches it from the cache; where the cache does not tell the id, the name that it has there
 * @param hub the scheme of the hub, such as {@code hf}
 * @param revision the immutable revision; empty where the hub knows none
 * @param names the branches, tags and the like that the cache takes for this revision
 * @param cache the folder that was given in place of the hub's usual cache, or null
 * @param root the folder that holds the files, or the file if there is but one
 * @param files how many files there are
 * @param bytes their size on this machine
 * @param freed what deleting gives back: less than {@code bytes} where other revisions use the same files
 * @param lastUsed when one of the files was last read, as far as the file system notes that; else when it was written
 */
public record CachedModel(
        String id,
        String hub,
        String revision,
        List<String> names,
        @Nullable Path cache,
        Path root,
        int files,
        long bytes,
        long freed,
        Instant lastUsed) {
    /** Copies the names. */
    public CachedModel {
        names = List.copyOf(names);
    }

    /** Whether both are the same revision at the same place, whatever was downloaded to it since. */
    public boolean isSameAs(CachedModel other) {
        return hub.equals(other.hub) && id.equals(other.id) && root.equals(other.root);
    }
}
