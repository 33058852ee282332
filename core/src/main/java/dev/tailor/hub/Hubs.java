package dev.tailor.hub;

import dev.tailor.ModelId;
import dev.tailor.internal.Services;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The way from any id to its files. Stateless and safe for many threads. */
public final class Hubs {
    private Hubs() {}

    /**
     * Makes a model's files available on this machine. {@code file:} ids are folders already; every other scheme is answered by a
     * {@link HubProvider} of the context class loader or, after that, of Tailor's own.
     *
     * @throws HubException if no provider knows the scheme, or the hub cannot give the files
     */
    public static Snapshot fetch(ModelId id, FetchRequest request) {
        if (id.isFile()) {
            return new Snapshot(id.toString(), id.toPath(), "");
        }
        return provider(id.scheme(), id.toString(), id.path()).fetch(id, request);
    }

    /**
     * Finds models on a hub, such as {@code hf}, page by page; see {@link SearchableHub#search}.
     *
     * @throws HubException if no provider knows the scheme, or its hub cannot be searched
     */
    public static Iterator<List<FoundModel>> search(String scheme, SearchQuery query) {
        if (provider(scheme, scheme, scheme) instanceof SearchableHub hub) {
            return hub.search(query);
        }
        List<String> searchable = providers().values().stream()
                .filter(SearchableHub.class::isInstance)
                .map(HubProvider::scheme)
                .sorted()
                .toList();
        throw HubException.of(
                scheme,
                "The hub \"" + scheme + "\" cannot be searched; these can: "
                        + (searchable.isEmpty() ? "none" : String.join(", ", searchable)) + ".");
    }

    /**
     * What the caches of all hubs hold, in the order of their ids; no socket is opened. Folders and hubs without a cache of their own are
     * left out: the files of KerasHub's presets, for instance, are in the caches of Kaggle and Hugging Face.
     *
     * @param cache a folder in place of the hubs' usual caches, or null
     * @throws dev.tailor.TailorException if a cache cannot be read
     */
    public static List<CachedModel> cached(@Nullable Path cache) {
        return providers().values().stream()
                .filter(CachingHub.class::isInstance)
                .flatMap(hub -> ((CachingHub) hub).cached(cache).stream())
                .sorted(Comparator.comparing(CachedModel::id))
                .toList();
    }

    /**
     * Deletes one revision from the cache of its hub; see {@link CachingHub#delete}.
     *
     * @throws HubException if no provider knows the hub, it is not there any more, or it is being downloaded
     */
    public static void delete(CachedModel model) {
        if (provider(model.hub(), model.id(), model.id()) instanceof CachingHub hub) {
            hub.delete(model);
            return;
        }
        throw HubException.of(
                model.id(),
                "The hub \"" + model.hub() + "\" has no cache from which " + model.id() + " could be deleted.");
    }

    /**
     * The names of a model's files at its hub, relative to the snapshot's root; none is downloaded. While offline, those that the cache
     * knows.
     *
     * @throws HubException if no provider knows the scheme, or the hub cannot tell
     */
    public static SortedSet<String> files(ModelId id, FetchRequest request) {
        SortedSet<String> names = new TreeSet<>();
        // Providers show every name to the predicate before they fetch one.
        try {
            Snapshot snapshot = fetch(id, request.withFiles(name -> {
                names.add(name);
                return false;
            }));
            names.addAll(id.isFile() ? snapshot.files() : List.of());
        } catch (NotFoundException | OfflineException e) {
            if (names.isEmpty()) {
                throw e;
            }
        }
        return names;
    }

    private static HubProvider provider(String scheme, String id, String repository) {
        Map<String, HubProvider> providers = providers();
        HubProvider provider = providers.get(scheme);
        if (provider == null) {
            throw unknown(scheme, id, repository, providers);
        }
        return provider;
    }

    private static Map<String, HubProvider> providers() {
        Map<String, HubProvider> found = new LinkedHashMap<>();
        Services.all(HubProvider.class).forEach(p -> found.putIfAbsent(p.scheme(), p));
        return found;
    }

    private static HubException unknown(
            String scheme, String id, String repository, Map<String, HubProvider> providers) {
        var schemes = new TreeSet<>(providers.keySet());
        schemes.add(ModelId.FILE);
        String hint = !providers.containsKey("hf")
                ? " To have the usual hubs on the class path, add dev.tailor:tailor-zoo."
                : " Check the spelling, or add the artifact that brings this hub.";
        return HubException.of(
                repository,
                "No hub answers the scheme \"" + scheme + "\"" + (scheme.equals(id) ? "" : " of " + id)
                        + ". Known schemes: " + String.join(", ", schemes) + "." + hint);
    }
}
