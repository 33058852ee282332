package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.Archives;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Download;
import dev.tailor.hub.Downloader;
import dev.tailor.hub.Environment;
import dev.tailor.hub.Failures;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.Probe;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TensorFlow Hub, {@code tfhub://publisher/model[/version]} for {@code https://tfhub.dev/publisher/model[/version]}, whose archives
 * Kaggle serves since 2023, with the cache and the variable of Python's tensorflow_hub. A model of the cache opens no socket, whatever
 * its version. Safe for many threads.
 */
public final class TensorFlowHub implements CachingHub {
    private static final Logger LOG = LoggerFactory.getLogger(TensorFlowHub.class);
    private static final URI SITE = URI.create("https://tfhub.dev");
    private static final Pattern HANDLE =
            Pattern.compile("[\\w@~+-][\\w.@~+-]*(/[\\w@~+-][\\w.@~+-]*)+/?(\\?[\\w.=&+-]+)?");
    private static final Pattern MODULE = Pattern.compile("Module: (\\S+)\\s");
    private static final Pattern VERSION = Pattern.compile(".*/([0-9]+)/?(\\?.*)?");

    private final Environment environment;
    private final HubClient client;
    private final URI site;

    /** The connector with this process's environment. */
    public TensorFlowHub() {
        this(Environment.system(), RetryPolicy.standard(), SITE);
    }

    /** The connector with other variables, another way to repeat requests, and a mirror in place of tfhub.dev. */
    public TensorFlowHub(Environment environment, RetryPolicy retries, URI site) {
        this.environment = environment;
        this.client = new HubClient(retries, HubClient.Timeouts.standard(), environment);
        this.site = site;
    }

    @Override
    public String scheme() {
        return "tfhub";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        if (!HANDLE.matcher(id.path()).matches()) {
            throw new IllegalArgumentException("\"" + id
                    + "\" is no handle of TensorFlow Hub. Write tfhub://publisher/model/version, such as"
                    + " tfhub://google/universal-sentence-encoder/4.");
        }
        // The same text as in Python, since the cache is shared: another slash at the end is another entry.
        String handle = SITE + "/" + id.path();
        Path cache = cache(request);
        String key = HubText.sha1(handle);
        Path module = cache.resolve(key);
        try {
            if (!isWhole(module)) {
                if (request.offline()) {
                    throw new OfflineException(
                            id.path(),
                            id + ": offline, and the cache " + cache + " has no folder " + key + " for " + handle
                                    + ". Fetch it once while online (without offline(true)).");
                }
                bring(id, cache, key, request);
                AtomicFiles.write(
                        cache.resolve(key + ".descriptor.txt"),
                        descriptor(handle).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new TailorException(
                    id + ": cannot write the cache " + cache + ": " + Failures.explain(e)
                            + " Another folder is chosen by TFHUB_CACHE_DIR or Pretrained.cache(Path).",
                    e);
        }
        Matcher version = VERSION.matcher(id.path());
        return new Snapshot(id.toString(), module, version.matches() ? version.group(1) : "");
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        Path root = cache(FetchRequest.defaults().withCache(cache));
        return Holding.reading(root, () -> {
            List<@Nullable CachedModel> models = new ArrayList<>();
            for (Path module : CacheRemoval.children(root)) {
                if (module.getFileName().toString().matches("[0-9a-f]{40}") && Files.isDirectory(module)) {
                    String id = handle(module).replaceFirst("^" + SITE + "/", "tfhub://");
                    Matcher version = VERSION.matcher(id);
                    String revision = version.matches() ? version.group(1) : "";
                    models.add(Holding.model(id, scheme(), revision, List.of(), cache, module));
                }
            }
            return Holding.present(models);
        });
    }

    @Override
    public void delete(CachedModel model) {
        Path root = cache(FetchRequest.defaults().withCache(model.cache()));
        CachedModel found = Holding.require(model, cached(model.cache()));
        Holding.removing(root, found, removal -> {
            Path own = root.resolve(".tailor");
            String key = found.root().getFileName().toString();
            removal.lock(own.resolve(key + ".lock"));
            removal.retire(found.root(), own);
            removal.remove(root.resolve(key + ".descriptor.txt"));
            removal.removeRetired(own);
        });
    }

    /** What the module was fetched as, or its folder's name if nobody noted that. */
    private static String handle(Path module) throws IOException {
        Path descriptor = module.resolveSibling(module.getFileName() + ".descriptor.txt");
        if (Files.isRegularFile(descriptor) && Files.size(descriptor) < 1 << 16) {
            Matcher line = MODULE.matcher(Files.readString(descriptor, StandardCharsets.ISO_8859_1));
            if (line.lookingAt()) {
                return line.group(1);
            }
        }
        return "tfhub:" + module.getFileName();
    }

    private Path cache(FetchRequest request) {
        String folder = environment.first("TFHUB_CACHE_DIR");
        String temporary = Objects.requireNonNullElse(
                environment.first("TMPDIR", "TEMP", "TMP"), System.getProperty("java.io.tmpdir"));
        Path cache = folder != null
                ? environment.path(folder)
                : environment.path(temporary).resolve("tfhub_modules");
        return (request.cache() != null ? request.cache() : cache)
                .toAbsolutePath()
                .normalize();
    }

    private void bring(ModelId id, Path cache, String key, FetchRequest request) throws IOException {
        var errors = new TensorFlowHubErrors(id);
        String query = (id.path().contains("?") ? "&" : "?") + "tf-hub-format=compressed";
        HubRequest asked = HubRequest.get(id.path(), URI.create(site + "/" + id.path() + query), null);
        HubClient limited = client.within(request.timeLimit());
        Probe probe = Probe.of(limited, asked);
        String type = Objects.requireNonNullElse(probe.answer().header("Content-Type"), "");
        if (!probe.isSuccess()) {
            throw errors.explain(probe.answer());
        }
        if (type.toLowerCase(Locale.ROOT).startsWith("text/html")) {
            throw errors.page(probe.answer());
        }
        Digest digest = probe.googleMd5();
        if (!digest.isKnown()) {
            LOG.warn("{}: the hub tells no MD5 of the archive; only its size can be checked", id);
        }
        Path own = cache.resolve(".tailor");
        String content = HubText.sha1(key + probe.size() + digest);
        Path archive = AtomicFiles.unique(own.resolve(key), "archive");
        try {
            new Downloader(limited)
                    .download(
                            new Download(
                                    "archive",
                                    probe.direct(),
                                    asked,
                                    probe.size(),
                                    digest,
                                    archive,
                                    own.resolve(content + ".incomplete"),
                                    own.resolve(key + ".lock"),
                                    errors::explain),
                            request.listener());
            if (!isWhole(cache.resolve(key))) {
                Archives.unpack(archive, cache.resolve(key), Archives.Limits.standard());
            }
        } finally {
            Files.deleteIfExists(archive);
        }
    }

    /** As in Python, a folder that is not empty: both publish it by a rename. */
    private static boolean isWhole(Path module) throws IOException {
        if (!Files.isDirectory(module)) {
            return false;
        }
        try (Stream<Path> children = Files.list(module)) {
            return children.findAny().isPresent();
        }
    }

    /** Informative only; the host's name comes from the environment, since a look-up would go to the network. */
    private String descriptor(String handle) {
        String host = environment.first("HOSTNAME", "COMPUTERNAME");
        return "Module: " + handle + "\nDownload Time: " + LocalDateTime.now(ZoneId.systemDefault())
                + "\nDownloader Hostname: "
                + (host == null ? "unknown" : host) + " (PID:"
                + ProcessHandle.current().pid() + ")";
    }
}
