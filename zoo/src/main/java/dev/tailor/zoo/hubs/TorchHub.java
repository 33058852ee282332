package dev.tailor.zoo.hubs;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
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
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.hub.VerificationException;
import dev.tailor.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of PyTorch Hub: {@code torchhub://pytorch/vision[:ref]/resnet18[?weights=IMAGENET1K_V1]}, and by its name any file of
 * {@code https://download.pytorch.org/models/}, {@code torchhub://models/resnet18-f37072fd.pth}. A {@code hubconf.py} is Python code
 * and is never run.
 *
 * <p>Files lie where torch.hub has them, {@code $TORCH_HOME/hub/checkpoints}, and are checked against the hash in their name. The
 * snapshot is a folder of Tailor's own with a link to the file and {@code config.json}, which holds {@code model_type},
 * {@code weights}, {@code num_classes}, {@code transforms} and the file's {@code sha256}; for a file that torchvision's table does not
 * name it is {@code torchhub.json}, with the file only. With {@link FetchRequest#cache()} that folder stands for {@code TORCH_HOME}.
 * A file that is there opens no socket. Safe for many threads.
 */
public final class TorchHub implements CachingHub {
    private static final Logger LOG = LoggerFactory.getLogger(TorchHub.class);
    private static final URI MODELS = URI.create("https://download.pytorch.org/models/");

    /** As torch.hub has it: the first match counts. */
    private static final Pattern HASH = Pattern.compile("-([a-f0-9]*)\\.");

    private final Environment environment;
    private final HubClient client;
    private final URI models;
    private final List<TorchvisionWeights> table;

    /** The connector with this process's environment. */
    public TorchHub() {
        this(Environment.system(), RetryPolicy.standard(), MODELS);
    }

    /**
     * The connector with other variables and another way to repeat requests.
     *
     * @param models the folder of the files, such as a mirror's, with a slash at its end
     */
    public TorchHub(Environment environment, RetryPolicy retries, URI models) {
        this(environment, retries, models, TorchvisionWeights.table());
    }

    /** With another table: nobody can make a test file that hashes to a published name. */
    TorchHub(Environment environment, RetryPolicy retries, URI models, List<TorchvisionWeights> table) {
        if (!models.toString().endsWith("/")) {
            throw new IllegalArgumentException("The address of the models must end with a slash, found " + models);
        }
        this.environment = environment;
        this.client = new HubClient(retries, HubClient.Timeouts.standard(), environment);
        this.models = models;
        this.table = table;
    }

    @Override
    public String scheme() {
        return "torchhub";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        TorchHubId wanted = TorchHubId.parse(id.path(), table);
        String name = wanted.file().substring(wanted.file().lastIndexOf('/') + 1);
        if (request.files() != null && !request.files().test(name)) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    id.path(),
                    id + ": its only file is " + name + ", which is not among those that were asked for");
        }
        Path home = home(request.cache());
        Path root = root(own(request.cache(), home), name);
        Path description = root.resolve(wanted.weights() != null ? "config.json" : "torchhub.json");
        Optional<String> ready = ready(description, root.resolve(name));
        if (ready.isPresent()) {
            return snapshot(id, root, name, ready.get());
        }
        Path checkpoint = checkpoints(home).resolve(name);
        if (!Files.isRegularFile(checkpoint)) {
            if (request.offline()) {
                throw new OfflineException(
                        id.path(),
                        id + ": offline, and the cache lacks " + checkpoint
                                + ". Fetch it once while online (without offline(true)).");
            }
            bring(id, wanted, checkpoint, request);
        }
        try {
            String sha256 = verified(id, name, checkpoint);
            StoredFiles.place(checkpoint, root.resolve(name));
            AtomicFiles.write(
                    description, describe(wanted, name, sha256, checkpoint).getBytes(StandardCharsets.UTF_8));
            return snapshot(id, root, name, sha256);
        } catch (IOException e) {
            throw StoredFiles.cannotWrite(id.toString(), root, e);
        }
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        Path checkpoints = checkpoints(home(cache));
        return Holding.reading(checkpoints, () -> {
            List<CachedModel> models = new ArrayList<>();
            for (Path file : CacheRemoval.children(checkpoints)) {
                String name = file.getFileName().toString();
                Holding held = Holding.of(List.of(file));
                if (held.files() > 0 && !name.startsWith(".") && !name.endsWith(".partial")) {
                    models.add(held.model(
                            "torchhub://models/" + file(name),
                            scheme(),
                            hash(name),
                            List.of(),
                            cache,
                            file,
                            held.bytes()));
                }
            }
            return models;
        });
    }

    @Override
    public void delete(CachedModel model) {
        Path home = home(model.cache());
        CachedModel found = Holding.require(model, cached(model.cache()));
        String name = found.root().getFileName().toString();
        Path own = own(model.cache(), home);
        Holding.removing(home, found, removal -> {
            removal.lock(checkpoints(home).resolve(".tailor").resolve(name + ".lock"));
            if (Files.isDirectory(own)) {
                Path root = root(own, name);
                Holding.removing(own, found, link -> {
                    link.remove(root.resolve("config.json"));
                    link.remove(root.resolve("torchhub.json"));
                    link.remove(root);
                });
            }
            removal.remove(found.root());
        });
    }

    /** The file with its folder below {@code models/}, if torchvision's table knows it. */
    private String file(String name) {
        return table.stream()
                .map(TorchvisionWeights::file)
                .filter(file -> file.endsWith("/" + name))
                .findFirst()
                .orElse(name);
    }

    private static Path checkpoints(Path home) {
        return home.resolve("hub").resolve("checkpoints");
    }

    private Path own(@Nullable Path given, Path home) {
        return given != null ? home.resolve("tailor") : environment.tailorHome();
    }

    private static Path root(Path own, String name) {
        return own.resolve("torchhub").resolve(name.replaceFirst("\\.[^.]+$", ""));
    }

    private static Snapshot snapshot(ModelId id, Path root, String name, String sha256) {
        Digest told = digest(name);
        Snapshot snapshot = new Snapshot(id.toString(), root, sha256);
        return told.isKnown() ? snapshot.withDigests(Map.of(name, told)) : snapshot;
    }

    private Path home(@Nullable Path given) {
        String home = environment.first("TORCH_HOME");
        Path usual =
                home != null ? environment.path(home) : environment.userCache().resolve("torch");
        return (given != null ? given : usual).toAbsolutePath().normalize();
    }

    /** The file's SHA-256 if the description is there and the file still is what it describes. */
    private static Optional<String> ready(Path description, Path file) {
        if (!Files.isRegularFile(description) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonObject json = Json.readObject(description);
            boolean same = new JsonPrimitive(Files.size(file)).equals(json.get("size"));
            return same ? Optional.ofNullable(HuggingFaceListing.text(json, "sha256")) : Optional.empty();
        } catch (IOException | TailorException e) {
            LOG.warn("Ignoring {}: {}", description, e.getMessage());
            return Optional.empty();
        }
    }

    private void bring(ModelId id, TorchHubId wanted, Path checkpoint, FetchRequest request) {
        String name = checkpoint.getFileName().toString();
        HubRequest get = HubRequest.get(id.path(), models.resolve(wanted.file()), null);
        StoredFiles.download(
                client.within(request.timeLimit()),
                get,
                -1,
                digest(name),
                checkpoint,
                checkpoint.resolveSibling(".tailor"),
                name,
                request.listener(),
                response -> explain(response, id, wanted.file()));
    }

    /** Nothing shorter than eight digits: {@code model-b.pth} has no hash. */
    private static Digest digest(String name) {
        String hash = hash(name);
        return hash.length() >= 8 && hash.length() <= 64 ? Digest.sha256(hash) : Digest.none();
    }

    private static String hash(String name) {
        Matcher hash = HASH.matcher(name);
        return hash.find() ? hash.group(1) : "";
    }

    /** Others write into that folder too, and not all of them check. */
    private static String verified(ModelId id, String name, Path checkpoint) throws IOException {
        String found = StoredFiles.sha256(checkpoint);
        if (digest(name).isKnown() && !found.startsWith(hash(name))) {
            throw new VerificationException(
                    id + ": " + checkpoint + " is not the published file: its name says SHA-256 " + hash(name)
                            + ", found " + found + ". Delete it and fetch again.",
                    id.path(),
                    null);
        }
        return found;
    }

    private String describe(TorchHubId wanted, String name, String sha256, Path checkpoint) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("format_version", 1);
        json.addProperty("file", name);
        json.addProperty("size", Files.size(checkpoint));
        json.addProperty("sha256", sha256);
        json.addProperty("url", models.resolve(wanted.file()).toString());
        TorchvisionWeights weights = wanted.weights();
        if (weights != null) {
            weights.toJson().entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        }
        return new Gson().toJson(json);
    }

    private static HubException explain(HubResponse response, ModelId id, String file) {
        boolean denied = response.status() == 403 && response.text().contains("AccessDenied");
        String meaning;
        if (denied || response.status() == 404) {
            meaning = "there is no file models/" + file
                    + (denied ? " (the server says AccessDenied for a file that does not exist)" : "")
                    + ". Check its spelling.";
        } else {
            meaning = switch (response.status()) {
                case 401, 403, 407 ->
                    "access is refused. The files are public: check proxies between here and the server.";
                case 429 -> "too many requests. Wait some minutes.";
                case 500, 502, 503, 504 -> "the server is not available at the moment. Try again later.";
                default -> "unexpected answer of the server.";
            };
        }
        Refusal refusal = denied ? Refusal.NO_FILE : Refusal.of(response.status(), Refusal.NO_FILE);
        return refusal.exception(
                id + ": " + meaning + " [" + response.uri().getHost() + " answered " + response.status() + "]",
                id.path(),
                response,
                response.status());
    }
}
