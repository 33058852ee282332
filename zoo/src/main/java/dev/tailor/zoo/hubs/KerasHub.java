package dev.tailor.zoo.hubs;

import com.google.gson.JsonObject;
import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubProvider;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import java.time.Duration;

/**
 * Presets of KerasHub, {@code keras://preset}, {@code keras://kaggle/owner/model/framework/variation[/version]} and
 * {@code keras://hf/org/name[@revision]}. KerasHub has no server: the files come from Kaggle or Hugging Face, one by one, into the
 * caches of those hubs, and the snapshot bears the id there. A bare name that is not built in is looked for among
 * {@code hf://keras/...}. Safe for many threads.
 */
public final class KerasHub implements HubProvider {
    private static final String CONFIG = "config.json";

    private final KaggleHub kaggle;
    private final HuggingFaceHub huggingFace;

    /** The connector with this process's environment. */
    public KerasHub() {
        this(Environment.system(), RetryPolicy.standard());
    }

    /** The connector with other variables and another way to repeat requests. */
    public KerasHub(Environment environment, RetryPolicy retries) {
        this.kaggle = new KaggleHub(environment, retries);
        this.huggingFace = new HuggingFaceHub(environment, retries);
    }

    @Override
    public String scheme() {
        return "keras";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        String path = id.path();
        if (path.startsWith("kaggle/")) {
            return fromKaggle(path.substring("kaggle/".length()), request);
        }
        if (path.startsWith("hf/")) {
            return fromHuggingFace(path.substring("hf/".length()), request);
        }
        if (!path.matches("[A-Za-z0-9][\\w.-]*")) {
            throw new IllegalArgumentException("\"" + id
                    + "\" is no preset of KerasHub. Write keras://preset, keras://kaggle/owner/model/framework/variation or"
                    + " keras://hf/org/name.");
        }
        var builtIn = KerasPresets.handle(path);
        return builtIn.isPresent() ? fromKaggle(builtIn.get(), request) : byName(id, request);
    }

    private Snapshot byName(ModelId id, FetchRequest request) {
        try {
            return fromHuggingFace("keras/" + id.path(), request);
        } catch (HubException e) {
            if (e.status() != 404 && e.status() != 401) {
                throw e;
            }
            throw new NotFoundException(
                    NotFoundException.Missing.REPOSITORY,
                    id + " is no preset that Tailor knows by name, and hf://keras/" + id.path()
                            + " was not found. Known by name are " + String.join(", ", KerasPresets.names())
                            + ". Give any other as keras://kaggle/owner/model/framework/variation or keras://hf/org/name.",
                    id.path(),
                    null,
                    e.status(),
                    e);
        }
    }

    private Snapshot fromKaggle(String path, FetchRequest request) {
        KaggleHandle handle = KaggleHandle.parse(path);
        ModelId given = ModelId.parse("kaggle://" + handle);
        if (request.files() != null) {
            return kaggle.fetch(given, request);
        }
        long begin = System.nanoTime();
        Snapshot first = kaggle.fetch(given, request.withFiles(CONFIG::equals));
        // Both steps see one version, also when a newer one is published between them.
        ModelId pinned = ModelId.parse("kaggle://" + handle.at(Integer.parseInt(first.revision())));
        // As in KerasHub, any file but the config may be missing, and Kaggle tells that by 403 as well as by 404.
        return kaggle.fetch(pinned, chosen(first, rest(request, begin)), name -> !name.equals(CONFIG));
    }

    private Snapshot fromHuggingFace(String path, FetchRequest request) {
        ModelId given = ModelId.parse("hf://" + path);
        if (request.files() != null) {
            return huggingFace.fetch(given, request);
        }
        long begin = System.nanoTime();
        Snapshot first = huggingFace.fetch(given, request.withFiles(CONFIG::equals));
        ModelId pinned = new ModelId(given.scheme(), given.path(), first.revision(), given.folder());
        return huggingFace.fetch(pinned, chosen(first, rest(request, begin)));
    }

    /** What the first step left of the time limit, which is for both. */
    private static FetchRequest rest(FetchRequest request, long begin) {
        Duration limit = request.timeLimit();
        if (limit == null) {
            return request;
        }
        Duration rest = limit.minusNanos(System.nanoTime() - begin);
        return request.withTimeLimit(rest.isNegative() ? Duration.ZERO : rest);
    }

    /** The files of a preset; those of a Transformers or timm checkpoint, which KerasHub converts, are the hub's usual ones. */
    private static FetchRequest chosen(Snapshot first, FetchRequest request) {
        JsonObject config = Json.readObject(first.require(CONFIG));
        boolean preset = config.has("registered_name") || config.has("class_name");
        return preset ? request.withFiles(KerasPresets::isFile) : request;
    }
}
