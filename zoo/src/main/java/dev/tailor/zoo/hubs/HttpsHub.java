package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RelativeName;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file from any web server, {@code https://host/path/file#sha256=<64 hex digits>}, kept under {@code https} in Tailor's own
 * cache. The digest makes the id immutable: once the file is there, no socket is opened for it. No credentials are ever sent.
 *
 * <p>{@code #unverified} in place of the digest takes whatever the server sends. It is refused unless the connector was made so, or
 * the variable {@code TAILOR_ALLOW_UNVERIFIED} is {@code 1}: a copied id alone must not be able to ask for it. Safe for many threads.
 */
public final class HttpsHub implements CachingHub {
    /** The variable that permits {@code #unverified}. */
    public static final String ALLOW_UNVERIFIED = "TAILOR_ALLOW_UNVERIFIED";

    private static final Logger LOG = LoggerFactory.getLogger(HttpsHub.class);
    private static final String PINNED = "sha256=";
    private static final Pattern KEY = Pattern.compile("(?:([0-9a-f]{64})|unverified-[0-9a-f]{64})-[0-9a-f]{8}");

    private final Environment environment;
    private final HubClient client;
    private final boolean allowUnverified;
    private final UnaryOperator<URI> route;

    /** The connector with this process's environment. */
    public HttpsHub() {
        this(Environment.system(), RetryPolicy.standard(), false);
    }

    /**
     * The connector with other variables and another way to repeat requests.
     *
     * @param allowUnverified whether {@code #unverified} is permitted whatever the variable says
     */
    public HttpsHub(Environment environment, RetryPolicy retries, boolean allowUnverified) {
        this(environment, retries, allowUnverified, UnaryOperator.identity());
    }

    /** Asks at another address than the id names, such as a server without TLS on loopback. */
    HttpsHub(Environment environment, RetryPolicy retries, boolean allowUnverified, UnaryOperator<URI> route) {
        this.environment = environment;
        this.client = new HubClient(retries, HubClient.Timeouts.standard(), environment);
        this.allowUnverified = allowUnverified;
        this.route = route;
    }

    @Override
    public String scheme() {
        return "https";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        String pin = Objects.requireNonNullElse(id.revision(), "");
        URI address = URI.create("https://" + id.path());
        String shown = "https://" + address.getHost() + address.getRawPath();
        String name = name(address, shown);
        String sha256 = pin.startsWith(PINNED) ? pin.substring(PINNED.length()) : "";
        if (sha256.isEmpty() && !allowUnverified && !environment.isOn(ALLOW_UNVERIFIED)) {
            throw HubException.of(
                    shown,
                    shown + ": #unverified would take whatever the server sends, which is refused. Give the digest,"
                            + " #sha256=<64 hex digits>, or permit it for this process with " + ALLOW_UNVERIFIED
                            + "=1.");
        }
        if (request.files() != null && !request.files().test(name)) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    shown,
                    shown + ": the address names the one file " + name + ", which was not asked for");
        }
        Path cache = folder(request.cache());
        String key = (sha256.isEmpty() ? "unverified-" + StoredFiles.sha256(id.path()) : sha256) + "-"
                + StoredFiles.sha256(name).substring(0, 8);
        Path target = cache.resolve(key).resolve(name);
        if (!Files.isRegularFile(target)) {
            if (request.offline()) {
                throw new OfflineException(
                        shown,
                        shown + ": offline, and the cache lacks " + target
                                + ". Fetch it once while online (without offline(true)).");
            }
            bring(address, shown, sha256, key, cache, target, request);
        }
        Snapshot snapshot = new Snapshot(id.toString(), cache.resolve(key), sha256);
        return sha256.isEmpty() ? snapshot : snapshot.withDigests(Map.of(name, Digest.sha256(sha256)));
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        Path root = folder(cache);
        return Holding.reading(root, () -> {
            List<@Nullable CachedModel> models = new ArrayList<>();
            for (Path folder : CacheRemoval.children(root)) {
                Matcher key = KEY.matcher(folder.getFileName().toString());
                List<Path> files = key.matches() ? Holding.below(folder) : List.of();
                if (files.size() == 1) {
                    Path note = note(root, folder.getFileName().toString());
                    // Any address does for a file that is here: the digest and the name are what counts.
                    String address = Files.isRegularFile(note)
                            ? Files.readString(note)
                            : "https://unknown.invalid/"
                                    + HubText.encode(files.get(0).getFileName().toString());
                    String sha256 = key.group(1) == null ? "" : key.group(1);
                    String id = address + (sha256.isEmpty() ? "#unverified" : "#" + PINNED + sha256);
                    models.add(Holding.model(id, scheme(), sha256, List.of(), cache, folder));
                }
            }
            return Holding.present(models);
        });
    }

    @Override
    public void delete(CachedModel model) {
        Path root = folder(model.cache());
        CachedModel found = Holding.require(model, cached(model.cache()));
        Holding.removing(root, found, removal -> {
            Path own = root.resolve(".tailor");
            String key = found.root().getFileName().toString();
            removal.lock(own.resolve(key + ".lock"));
            removal.retire(found.root(), own);
            removal.remove(note(root, key));
            removal.removeRetired(own);
        });
    }

    private Path folder(@Nullable Path given) {
        return (given != null ? given : environment.tailorHome())
                .toAbsolutePath()
                .normalize()
                .resolve("https");
    }

    /** Where a file is from, which its folder's name does not tell; without the query, which may hold secrets. */
    private static Path note(Path root, String key) {
        return root.resolve(".tailor").resolve(key + ".address");
    }

    private void bring(
            URI address, String shown, String sha256, String key, Path cache, Path target, FetchRequest request) {
        boolean pinned = !sha256.isEmpty();
        HubRequest get = HubRequest.get(shown, route.apply(address), null);
        Digest digest = pinned ? Digest.sha256(sha256) : Digest.none();
        Path work = cache.resolve(".tailor");
        StoredFiles.download(
                client.within(request.timeLimit()),
                get,
                -1,
                digest,
                target,
                work,
                key,
                request.listener(),
                answer -> explain(answer, shown));
        try {
            AtomicFiles.write(note(cache, key), shown.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw StoredFiles.cannotWrite(shown, cache, e);
        }
        if (!pinned) {
            try {
                LOG.warn("{} is unverified. To pin it, end the id with #sha256={}", shown, StoredFiles.sha256(target));
            } catch (IOException e) {
                throw new TailorException(shown + ": cannot read " + target + ": " + e, e);
            }
        }
    }

    private static String name(URI address, String shown) {
        String path = Objects.requireNonNullElse(address.getPath(), "");
        String name = address.getRawPath().substring(address.getRawPath().lastIndexOf('/') + 1);
        String decoded = path.substring(path.lastIndexOf('/') + 1);
        if (!RelativeName.isSafe(decoded) || name.matches(".*%2[fF].*") || decoded.length() > 200) {
            throw HubException.of(shown, shown + " does not end with the name of a file");
        }
        return decoded;
    }

    private static HubException explain(HubResponse answer, String shown) {
        String meaning = switch (answer.status()) {
            case 401, 403, 407 ->
                "the server asks for a login or refuses this address; https:// ids carry no credentials."
                        + " Download the file into a folder and give that, or use the hub's own scheme.";
            case 404, 410 ->
                "there is no such file" + (answer.status() == 410 ? " any more" : "") + ". Check the address.";
            case 429 -> "too many requests. Wait some minutes.";
            case 500, 502, 503, 504 -> "the server is not available at the moment. Try again later.";
            default -> "unexpected answer of the server.";
        };
        return Refusal.of(answer.status(), Refusal.NO_FILE)
                .exception(
                        shown + ": " + meaning + " [" + answer.uri().getHost() + " answered " + answer.status() + "]",
                        shown,
                        answer,
                        answer.status());
    }
}
