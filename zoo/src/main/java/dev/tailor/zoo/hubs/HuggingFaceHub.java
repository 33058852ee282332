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
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Hugging Face Hub, {@code hf://org/name[@revision][/folder]}, with the cache and the variables of Python's huggingface_hub.
 *
 * <p>A branch or tag is looked up at the hub each time, and taken from the cache, with a warning, when the hub cannot be reached. A
 * complete snapshot of a 40-hex commit opens no socket. Safe for many threads.
 */
public final class HuggingFaceHub implements SearchableHub, CachingHub {
    private static final Logger LOG = LoggerFactory.getLogger(HuggingFaceHub.class);

    private final Environment environment;
    private final HubClient client;
    private final HuggingFaceWarnings warnings = new HuggingFaceWarnings();

    /** The connector with this process's environment. */
    public HuggingFaceHub() {
        this(Environment.system(), RetryPolicy.standard());
    }

    /** The connector with other variables and another way to repeat requests. */
    public HuggingFaceHub(Environment environment, RetryPolicy retries) {
        this.environment = environment;
        this.client = new HubClient(retries, HuggingFaceSettings.timeouts(environment), environment);
    }

    @Override
    public String scheme() {
        return ModelId.HUGGING_FACE;
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        HuggingFaceSettings settings = HuggingFaceSettings.read(environment, request.cache());
        String revision = Objects.requireNonNullElse(id.revision(), "main");
        HuggingFaceCache cache = new HuggingFaceCache(settings.cache(), id.path(), settings.symlinks());
        Optional<CachedSnapshot> cached = cache.commit(revision)
                .map(commit -> CachedSnapshot.inspect(cache, commit, id.folder(), request.files()));

        if (HuggingFaceApi.isCommit(revision)
                && cached.isPresent()
                && cached.get().isComplete()) {
            return snapshot(id, cache, cached.get());
        }
        if (request.offline() || settings.offline()) {
            return offline(id, revision, cache, cached);
        }
        try {
            var errors = new HuggingFaceErrors(settings, id.path(), revision);
            HubClient limited = client.within(request.timeLimit());
            var api = new HuggingFaceApi(limited, settings, errors, warnings);
            var fetch = new HuggingFaceFetch(api, cache, new Downloader(limited), request, id);
            return fetch.run(revision);
        } catch (HubException e) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (interrupted
                    || !e.isRetriable()
                    || cached.isEmpty()
                    || !cached.get().isUsable()) {
                throw e;
            }
            LOG.warn(
                    "{}; using commit {} of the cache {}",
                    e.getMessage(),
                    cached.get().commit(),
                    cache.folder());
            return snapshot(id, cache, cached.get());
        }
    }

    @Override
    public Iterator<List<FoundModel>> search(SearchQuery query) {
        HuggingFaceSettings settings = HuggingFaceSettings.read(environment, null);
        if (settings.offline()) {
            throw new OfflineException(
                    "Hugging Face", "Offline (HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE): the hub cannot be searched.");
        }
        return new HuggingFaceSearch(client, settings, warnings).search(query);
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        Path root = HuggingFaceSettings.read(environment, cache).cache();
        return Holding.reading(root, new HuggingFaceInventory(root, cache)::models);
    }

    @Override
    public void delete(CachedModel model) {
        Path root = HuggingFaceSettings.read(environment, model.cache()).cache();
        CachedModel found = Holding.require(model, cached(model.cache()));
        HuggingFaceInventory inventory = new HuggingFaceInventory(root, model.cache());
        Holding.removing(root, found, removal -> inventory.delete(found, removal));
    }

    private static Snapshot offline(
            ModelId id, String revision, HuggingFaceCache cache, Optional<CachedSnapshot> cached) {
        String online = " Fetch it once while online (without offline(true), HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE).";
        if (cached.isEmpty() || cached.get().isEmpty()) {
            throw new OfflineException(
                    id.path(),
                    id + ": offline, and the cache " + cache.folder() + " has no snapshot of revision \"" + revision
                            + "\"" + (id.folder().isEmpty() ? "." : " with the folder " + id.folder() + ".") + online);
        }
        if (!cached.get().isUsable()) {
            throw new OfflineException(
                    id.path(),
                    id + ": offline, and the snapshot " + cached.get().commit() + " in " + cache.folder() + " lacks "
                            + shortened(cached.get().missing()) + "." + online);
        }
        return snapshot(id, cache, cached.get());
    }

    private static Snapshot snapshot(ModelId id, HuggingFaceCache cache, CachedSnapshot cached) {
        if (!cached.missing().isEmpty()) {
            LOG.info("{}: the cached snapshot lacks {}", id, shortened(cached.missing()));
        }
        return HuggingFaceFetch.snapshot(id, cache, cached.commit());
    }

    private static String shortened(List<String> names) {
        return names.size() <= 10
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 10)) + " and " + (names.size() - 10) + " more";
    }

    /** Turns failures to write the cache into Tailor's exception. */
    static TailorException cannotWrite(ModelId id, HuggingFaceCache cache, Exception e) {
        return new TailorException(
                id + ": cannot write the cache " + cache.folder() + ": " + Failures.explain(e)
                        + " Another folder is chosen by HF_HUB_CACHE or Pretrained.cache(Path).",
                e);
    }
}
