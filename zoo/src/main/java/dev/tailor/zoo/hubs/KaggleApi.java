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
import org.jspecify.annotations.Nullable;

/** Kaggle's REST interface as far as one model needs it: its newest version, its files, and where their bytes are. */
record KaggleApi(HubClient client, KaggleSettings settings, KaggleHandle handle) {
    /** The page of the official client, which takes the archive when there are more files than this. */
    static final int PAGE = 25;

    private static final int MOST_PAGES = 4000;

    KaggleApi at(int version) {
        return new KaggleApi(client, settings, handle.at(version));
    }

    /** The licence, or null if Kaggle does not tell. */
    @Nullable
    String license() {
        return HubListing.text(instance(), "licenseName");
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
            JsonObject answer = json("models/" + HubText.encode(handle.toString()) + "/files?page_size=" + PAGE
                    + (token.isEmpty()
                            ? ""
                            : "&page_token=" + HubText.encode(token).replace("/", "%2F")));
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
                return new HubListing(files, null, handle.toString());
            }
            if (!tokens.add(token)) {
                break;
            }
        }
        throw HubException.of(
                handle.toString(),
                "kaggle://" + handle + ": Kaggle's listing of the files has no end; nothing was downloaded");
    }

    /** Asks for a file, or for the archive of all of them. */
    HubRequest download(@Nullable String file) {
        return HubRequest.get(
                handle.toString(),
                settings.api("models/" + HubText.encode(handle.toString()) + "/download"
                        + (file == null ? "" : "/" + HubText.encode(file))),
                settings.credentials());
    }

    /** Where the bytes of a file are, or those of the archive. */
    Probe probe(@Nullable String file) {
        Probe probe = Probe.of(client, download(file));
        if (!probe.isSuccess()) {
            throw explain(probe.answer(), file);
        }
        String type = Objects.requireNonNullElse(probe.answer().header("Content-Type"), "");
        boolean page = type.toLowerCase(Locale.ROOT).startsWith("text/html");
        boolean atHome = settings.endpoint()
                .getHost()
                .equalsIgnoreCase(probe.direct().uri().getHost());
        if (page && atHome) {
            throw errors().page(probe.answer(), file == null ? "the archive" : file);
        }
        return probe;
    }

    HubException explain(HubResponse response, @Nullable String file) {
        return errors().explain(response, file);
    }

    private JsonObject instance() {
        return json("models/" + HubText.encode(handle.instance()) + "/get");
    }

    private KaggleErrors errors() {
        return new KaggleErrors(settings, handle.toString());
    }

    private JsonObject json(String path) {
        return json(client, settings, path, handle.toString(), errors());
    }

    /** An object that Kaggle answers. */
    static JsonObject json(
            HubClient client, KaggleSettings settings, String path, String repository, KaggleErrors errors) {
        HubResponse response = client.follow(HubRequest.get(repository, settings.api(path), settings.credentials()));
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
