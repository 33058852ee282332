package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Environment;
import dev.tailor.hub.Failures;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RelativeName;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * NVIDIA NGC, {@code ngc://org[/team]/model[:version][/file]}, as a guest or with a key from NVIDIA's variables or its file. A version
 * that is whole in the cache opens no socket; without a version the latest is looked up each time. Safe for many threads.
 */
public final class NgcHub implements CachingHub {
    private final Environment environment;
    private final HubClient client;

    /** The connector with this process's environment. */
    public NgcHub() {
        this(Environment.system(), RetryPolicy.standard());
    }

    /** The connector with other variables and another way to repeat requests. */
    public NgcHub(Environment environment, RetryPolicy retries) {
        this.environment = environment;
        this.client = new HubClient(retries, HubClient.Timeouts.standard(), environment);
    }

    @Override
    public String scheme() {
        return "ngc";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        NgcId model = NgcId.parse(id.path());
        Path cache = NgcSettings.cache(environment, request.cache());
        try {
            if (request.offline()) {
                return offline(id, model, cache, request);
            }
            HubClient limited = client.within(request.timeLimit());
            if (model.version().isEmpty()) {
                NgcErrors errors = new NgcErrors(NgcSettings.read(environment), model);
                model = model.at(new NgcApi(limited, errors, new NgcSession(limited, errors)).latest());
            }
            VersionFolder folder = folder(cache, model);
            if (missing(folder, model, request).isEmpty()) {
                return folder.snapshot(id, model.version());
            }
            bring(id, model, folder, limited, request);
            return folder.snapshot(id, model.version());
        } catch (IOException | UncheckedIOException e) {
            throw new TailorException(
                    id + ": cannot write the cache " + cache + ": " + Failures.explain(e)
                            + " Another folder is chosen by XDG_CACHE_HOME or Pretrained.cache(Path).",
                    e);
        }
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        Path root = NgcSettings.cache(environment, cache);
        return Holding.reading(root, new NgcInventory(root, cache)::models);
    }

    @Override
    public void delete(CachedModel model) {
        Path root = NgcSettings.cache(environment, model.cache());
        CachedModel found = Holding.require(model, cached(model.cache()));
        VersionFolder folder = folder(root, NgcId.parse(found.id().substring("ngc://".length())));
        Holding.removing(root, found, removal -> {
            folder.lock(removal);
            folder.delete(removal);
        });
    }

    /** As NVIDIA's modelexpress lays it out; the command-line tool has no cache. */
    static VersionFolder folder(Path cache, NgcId id) {
        Path model =
                cache.resolve(id.org()).resolve(id.team()).resolve(id.kind()).resolve(id.name());
        return new VersionFolder(
                model.resolve(id.version()), model.resolve(".tailor").resolve(id.version()), id.toString());
    }

    /** The wanted files that are not here; one question mark where the cache knows no listing, or nothing of it is wanted. */
    private static List<String> missing(VersionFolder folder, NgcId id, FetchRequest request) {
        HubListing listing = folder.listing().orElse(null);
        List<String> wanted = listing == null ? List.of() : wanted(listing.names(), id, request);
        if (listing == null || wanted.isEmpty()) {
            return List.of("?");
        }
        return wanted.stream()
                .filter(name -> listing.get(name).size() < 0
                        || !HuggingFaceCache.isWhole(
                                folder.file(name), listing.get(name).size()))
                .toList();
    }

    private static List<String> wanted(Set<String> names, NgcId id, FetchRequest request) {
        var filter = request.files();
        return names.stream()
                .filter(name -> id.takes(name) && (filter == null || filter.test(name)))
                .toList();
    }

    private void bring(ModelId id, NgcId model, VersionFolder folder, HubClient limited, FetchRequest request)
            throws IOException {
        NgcErrors errors = new NgcErrors(NgcSettings.read(environment), model);
        NgcFetch fetch = new NgcFetch(limited, errors, new NgcSession(limited, errors), folder, request, id);
        Map<String, NgcApi.Remote> files = fetch.api().files();
        Map<String, HubListing.Entry> known =
                folder.listing().map(HubListing::entries).orElse(Map.of());
        Map<String, HubListing.Entry> entries = new TreeMap<>();
        files.forEach((name, file) -> {
            HubListing.Entry earlier = known.get(name);
            long size = file.size() >= 0 || earlier == null ? file.size() : earlier.size();
            entries.put(name, new HubListing.Entry(size, file.hash()));
        });
        // Checks all names before anything is written.
        HubListing listing = new HubListing(entries, null, null, model.toString());
        List<String> wanted = wanted(listing.names(), model, request);
        if (wanted.isEmpty()) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    model.toString(),
                    id + ": no file that was asked for is among the " + files.size() + " files of version "
                            + model.version() + ": " + HubText.shortened(listing.names()));
        }
        RelativeName.requireDistinct(wanted, "ngc://" + model);
        for (String name : wanted) {
            NgcApi.Remote remote = files.get(name);
            if (remote != null && !HuggingFaceCache.isWhole(folder.file(name), remote.size())) {
                fetch.bring(name, remote);
            }
            // What was not told before is known now.
            entries.put(
                    name,
                    new HubListing.Entry(
                            Files.size(folder.file(name)), listing.get(name).hash()));
        }
        new HubListing(entries, null, null, model.toString()).write(folder.listingFile());
    }

    private static Snapshot offline(ModelId id, NgcId model, Path cache, FetchRequest request) throws IOException {
        String online = " Fetch it once while online (without offline(true)).";
        List<NgcId> versions = model.version().isEmpty() ? versions(cache, model, request) : List.of(model);
        if (versions.size() != 1) {
            throw new OfflineException(
                    model.toString(),
                    id + ": offline, and the cache " + cache
                            + (versions.isEmpty()
                                    ? " has no whole version of it." + online
                                    : " has more than one version of it: "
                                            + String.join(
                                                    ", ",
                                                    versions.stream()
                                                            .map(NgcId::version)
                                                            .toList())
                                            + ". Give one."));
        }
        NgcId version = versions.get(0);
        VersionFolder folder = folder(cache, version);
        List<String> missing = missing(folder, version, request);
        if (missing.isEmpty()) {
            return folder.snapshot(id, version.version());
        }
        boolean unknown = missing.equals(List.of("?"));
        throw new OfflineException(
                model.toString(),
                id + ": offline, and " + folder.root()
                        + (unknown ? " does not hold it." : " lacks " + HubText.shortened(missing) + ".") + online);
    }

    private static List<NgcId> versions(Path cache, NgcId model, FetchRequest request) throws IOException {
        Path own = folder(cache, model.at("0")).own().getParent();
        if (own == null || !Files.isDirectory(own)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(own)) {
            return children.map(child -> model.at(child.getFileName().toString()))
                    .filter(version ->
                            missing(folder(cache, version), version, request).isEmpty())
                    .sorted(Comparator.comparing(NgcId::version))
                    .toList();
        }
    }
}
