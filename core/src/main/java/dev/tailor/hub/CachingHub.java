package dev.tailor.hub;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hub whose cache can be looked through and cleared. Opens no socket for either. */
public interface CachingHub extends HubProvider {
    /**
     * Every revision of which the cache holds a file, downloaded by Tailor or by the hub's own client.
     *
     * @param cache a folder in place of the hub's usual cache, as in {@link FetchRequest#cache()}, or null
     * @throws dev.tailor.TailorException if the cache cannot be read
     */
    List<CachedModel> cached(@Nullable Path cache);

    /**
     * Deletes one revision and the files that no other one uses. Whoever is killed meanwhile leaves no half of it that looks whole. A
     * model that is loaded should be closed before.
     *
     * @param model one of {@link #cached}; it is looked up again, so that nothing else can be deleted
     * @throws NotFoundException if the cache does not hold it any more
     * @throws UnavailableException if a thread or process is downloading it; nothing is deleted then
     * @throws dev.tailor.TailorException if the cache cannot be written, or links lead out of it
     */
    void delete(CachedModel model);
}
