package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Downloader;
import dev.tailor.hub.Environment;
import dev.tailor.hub.Failures;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.FoundModel;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.SearchQuery;
import dev.tailor.hub.SearchableHub;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kaggle Models, {@code kaggle://owner/model/framework/variation[/version]}, with the cache and the variables of Python's kagglehub.
 *
 * <p>Without a version the newest is looked up at Kaggle each time, and the newest in the cache is taken, with a warning, when Kaggle
 * cannot be reached. A version that is whole in the cache opens no socket. Safe for many threads.
 */
public final class KaggleHub implements SearchableHub, CachingHub {
    private static final Logger LOG = LoggerFactory.getLogger(KaggleHub.class);

    private final Environment environment;
    private final HubClient client;

    /** The connector with this process's environment. */
    public KaggleHub() {
        this(Environment.system(), RetryPolicy.standard());
    }

    /** The connector with other variables and another way to repeat requests. */
    public KaggleHub(Environment environment, RetryPolicy retries) {
        this.environment = environment;
        this.client = new HubClient(retries, HubClient.Timeouts.standard(), environment);
    }

    @Override
    public String scheme() {
        return "kaggle";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        return fetch(id, request, name -> false);
    }

    @Override
    public Iterator<List<FoundModel>> search(SearchQuery query) {
        return new KaggleSearch(client, KaggleSettings.read(environment)).search(query);
    }

    /** The same, where 403 and 404 for some files mean that the model does not have them. */
    Snapshot fetch(ModelId id, FetchRequest request, Predicate<String> mayBeAbsent) {
        KaggleHandle handle = KaggleHandle.parse(id.path());
        Path cache = KaggleSettings.cache(environment, request.cache());
        if (request.offline()) {
            return offline(id, handle, cache, request);
        }
        if (handle.version() > 0) {
            Optional<Snapshot> cached = cached(id, handle, cache, request, true);
            if (cached.isPresent()) {
                return cached.get();
            }
        }
        HubClient limited = client.within(request.timeLimit());
        KaggleApi api = new KaggleApi(limited, KaggleSettings.read(environment), handle, new KaggleDialect());
        try {
            if (handle.version() == 0) {
                handle = handle.at(api.newest());
                Optional<Snapshot> cached = cached(id, handle, cache, request, true);
                if (cached.isPresent()) {
                    return cached.get();
                }
            }
            return new KaggleFetch(
                            api.at(handle.version()),
                            KaggleCache.of(cache, handle),
                            new Downloader(limited),
                            request,
                            id,
                            mayBeAbsent)
                    .run();
        } catch (HubException e) {
            if (!e.isRetriable() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            Optional<Snapshot> cached = newest(id, handle, cache, request);
            if (cached.isEmpty()) {
                throw e;
            }
            LOG.warn(
                    "{}; using version {} of the cache {}",
                    e.getMessage(),
                    cached.get().revision(),
                    cache);
            return cached.get();
        }
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        Path root = KaggleSettings.cache(environment, cache);
        return Holding.reading(root, new KaggleInventory(root, cache)::models);
    }

    @Override
    public void delete(CachedModel model) {
        Path root = KaggleSettings.cache(environment, model.cache());
        CachedModel found = Holding.require(model, cached(model.cache()));
        KaggleInventory inventory = new KaggleInventory(root, model.cache());
        Holding.removing(root, found, removal -> inventory.delete(found, removal));
    }

    /** What a model of that framework needs of the files with these names. */
    static Collection<String> wanted(
            KaggleHandle handle,
            Collection<String> names,
            FetchRequest request,
            Function<String, Optional<Path>> reader) {
        Predicate<String> filter = request.files();
        if (filter != null) {
            return names.stream().filter(filter).toList();
        }
        if (handle.framework().equalsIgnoreCase("transformers")) {
            Collection<String> chosen = ModelFiles.choose(names, reader);
            if (!chosen.isEmpty()) {
                return chosen;
            }
        }
        return List.copyOf(names);
    }

    private static Snapshot offline(ModelId id, KaggleHandle handle, Path cache, FetchRequest request) {
        Optional<Snapshot> found = newest(id, handle, cache, request);
        if (found.isPresent()) {
            return found.get();
        }
        List<String> missing = handle.version() == 0 ? List.of() : missing(handle, cache, request);
        throw new OfflineException(
                handle.toString(),
                id + ": offline, and the cache " + cache
                        + (missing.isEmpty()
                                ? " has no whole copy of " + (handle.version() == 0 ? "any version" : "this version")
                                : " lacks " + HubText.shortened(missing))
                        + ". Fetch it once while online (without offline(true)).");
    }

    private static List<String> missing(KaggleHandle handle, Path cache, FetchRequest request) {
        KaggleCache version = KaggleCache.of(cache, handle);
        return wanted(handle, version.names(), request, version::whole).stream()
                .filter(name -> !version.isWhole(name))
                .toList();
    }

    /** The version, or the newest whole one where none is given. */
    private static Optional<Snapshot> newest(ModelId id, KaggleHandle handle, Path cache, FetchRequest request) {
        if (handle.version() > 0) {
            return cached(id, handle, cache, request, false);
        }
        try {
            return KaggleCache.versions(cache, handle).stream()
                    .map(number -> cached(id, handle.at(number), cache, request, false))
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (IOException e) {
            throw new TailorException(id + ": cannot read the cache " + cache + ": " + Failures.explain(e), e);
        }
    }

    /**
     * The version in the cache if it is whole.
     *
     * @param listed whether the cache must know all names, since the hub can be asked
     */
    private static Optional<Snapshot> cached(
            ModelId id, KaggleHandle handle, Path cache, FetchRequest request, boolean listed) {
        KaggleCache version = KaggleCache.of(cache, handle);
        if (listed && !version.isListed()) {
            return Optional.empty();
        }
        Collection<String> wanted = wanted(handle, version.names(), request, version::whole);
        return !wanted.isEmpty() && wanted.stream().allMatch(version::isWhole)
                ? Optional.of(version.folder().snapshot(id, String.valueOf(handle.version())))
                : Optional.empty();
    }
}
