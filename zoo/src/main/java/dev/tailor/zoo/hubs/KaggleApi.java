package dev.tailor.zoo.hubs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.hub.Probe;
import dev.tailor.json.Json;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kaggle's answers as far as one model needs them: its newest version, its files, and where their bytes are.
 *
 * @param dialect in which of Kaggle's two interfaces they are given
 */
record KaggleApi(HubClient client, KaggleSettings settings, KaggleHandle handle, KaggleDialect dialect) {
    /** The page of the official client, which takes the archive when there are more files than this. */
    static final int PAGE = 25;

    private static final int MOST_PAGES = 4000;

    KaggleApi at(int version) {
        return new KaggleApi(client, settings, handle.at(version), dialect);
    }

    /**
     * What Kaggle says of a variation.
     *
     * @param license its name, or null
     * @param card overview and usage in Markdown, or null
     */
    record About(@Nullable String license, @Nullable String card) {}

    /** The licence and the text about the variation. */
    About about() {
        JsonObject instance = instance();
        String card = Stream.of("overview", "usage")
                .map(field -> HubListing.text(instance, field))
                .filter(text -> text != null && !text.isBlank())
                .collect(Collectors.joining("\n\n"));
        return new About(HubListing.text(instance, "licenseName"), card.isEmpty() ? null : card);
    }

    /** The number of the newest version. */
    int newest() {
        JsonObject instance = instance();
        long version = HubListing.number(instance, "versionNumber");
        if (version < 1 || version > Integer.MAX_VALUE) {
            throw HubException.of(
                    handle.toString(),
                    "kaggle://" + handle + ": Kaggle names no newest version. Give one: kaggle://" + handle + "/1.");
        }
        return (int) version;
    }

    /** All files of the version, however many pages Kaggle needs. */
    HubListing listing() {
        Map<String, HubListing.Entry> files = new TreeMap<>();
        Set<String> tokens = new HashSet<>();
        String token = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonObject answer = page(token);
            for (JsonObject file : HubListing.objects(answer, "files")) {
                String name = HubListing.text(file, "name");
                if (name == null) {
                    throw HubException.of(
                            handle.toString(), "kaggle://" + handle + ": Kaggle lists a file without a name");
                }
                long size = HubListing.number(file, file.has("size") ? "size" : "totalBytes");
                files.put(name, new HubListing.Entry(size, null));
            }
            token = Objects.requireNonNullElse(HubListing.text(answer, "nextPageToken"), "");
            if (token.isEmpty()) {
                return new HubListing(files, null, null, handle.toString());
            }
            if (!tokens.add(token)) {
                break;
            }
        }
        throw HubException.of(
                handle.toString(),
                "kaggle://" + handle + ": Kaggle's listing of the files has no end; nothing was downloaded");
    }

    /**
     * Where the bytes of a file are.
     *
     * @param asked asks Kaggle for them
     * @param probe what the host that holds them tells
     */
    record Place(HubRequest asked, Probe probe) {}

    /** Where the bytes of a file are, or those of the archive. */
    Place locate(@Nullable String file) {
        HubRequest rest = get("models/" + HubText.encode(handle.toString()) + "/download"
                + (file == null ? "" : "/" + HubText.encode(file)));
        HubRequest rpc = new KaggleRpc(settings, handle).download(file);
        return dialect.ask(() -> new Place(rest, probe(rest, file)), () -> new Place(rpc, probe(rpc, file)));
    }

    private Probe probe(HubRequest asked, @Nullable String file) {
        Probe probe = Probe.of(client, asked);
        if (!probe.isSuccess()) {
            throw explain(probe.answer(), file);
        }
        String type = Objects.requireNonNullElse(probe.answer().header("Content-Type"), "");
        boolean page = type.toLowerCase(Locale.ROOT).startsWith("text/html");
        String host = probe.direct().uri().getHost();
        boolean atHome = settings.endpoint().getHost().equalsIgnoreCase(host)
                || settings.rpc("").getHost().equalsIgnoreCase(host);
        if (page && atHome) {
            throw errors().page(probe.answer(), file == null ? "the archive" : file);
        }
        return probe;
    }

    HubException explain(HubResponse response, @Nullable String file) {
        return errors().explain(response, file);
    }

    private JsonObject instance() {
        return dialect.ask(
                () -> json(get("models/" + HubText.encode(handle.instance()) + "/get")),
                () -> json(new KaggleRpc(settings, handle).instance()));
    }

    private JsonObject page(String token) {
        String rest = "models/" + HubText.encode(handle.toString()) + "/files?page_size=" + PAGE
                + (token.isEmpty() ? "" : "&page_token=" + HubText.encode(token).replace("/", "%2F"));
        return dialect.ask(() -> json(get(rest)), () -> json(new KaggleRpc(settings, handle).files(PAGE, token)));
    }

    private HubRequest get(String path) {
        return HubRequest.get(handle.toString(), settings.api(path), settings.credentials());
    }

    private KaggleErrors errors() {
        return new KaggleErrors(settings, handle.toString());
    }

    private JsonObject json(HubRequest request) {
        return json(client, request, errors());
    }

    /** An object that Kaggle answers. */
    static JsonObject json(HubClient client, HubRequest request, KaggleErrors errors) {
        HubResponse response = client.follow(request);
        if (!response.isSuccess()) {
            throw errors.explain(response, null);
        }
        JsonObject object = Json.parseObject(response.body(), response.toString(), true);
        // Kaggle also tells errors under 200.
        JsonElement nested = object.get("error");
        JsonObject error = nested != null && nested.isJsonObject() ? nested.getAsJsonObject() : object;
        long code = HubListing.number(error, "code");
        if (code >= 400 && code < 600) {
            throw errors.explain(response, (int) code, HubText.said(object), null);
        }
        return object;
    }
}
