package dev.tailor.hub;

import dev.tailor.ModelId;
import dev.tailor.internal.Services;
import java.util.LinkedHashMap;
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
        Map<String, HubProvider> providers = providers();
        HubProvider provider = providers.get(id.scheme());
        if (provider == null) {
            throw unknown(id, providers);
        }
        return provider.fetch(id, request);
    }

    private static Map<String, HubProvider> providers() {
        Map<String, HubProvider> found = new LinkedHashMap<>();
        Services.all(HubProvider.class).forEach(p -> found.putIfAbsent(p.scheme(), p));
        return found;
    }

    private static HubException unknown(ModelId id, Map<String, HubProvider> providers) {
        var schemes = new TreeSet<>(providers.keySet());
        schemes.add(ModelId.FILE);
        String hint = providers.isEmpty()
                ? " No hub is on the class path: add dev.tailor:tailor-zoo."
                : " Check the spelling, or add the artifact that brings this hub.";
        return HubException.of(
                id.path(),
                "No hub answers the scheme \"" + id.scheme() + "\" of " + id + ". Known schemes: "
                        + String.join(", ", schemes) + "." + hint);
    }
}
