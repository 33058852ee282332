package dev.tailor.hub;

import dev.tailor.ModelId;
import dev.tailor.internal.Services;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

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
        String hint = providers.isEmpty()
                ? " No hub is on the class path: add dev.tailor:tailor-zoo."
                : " Check the spelling, or add the artifact that brings this hub.";
        return HubException.of(
                repository,
                "No hub answers the scheme \"" + scheme + "\"" + (scheme.equals(id) ? "" : " of " + id)
                        + ". Known schemes: " + String.join(", ", schemes) + "." + hint);
    }
}
