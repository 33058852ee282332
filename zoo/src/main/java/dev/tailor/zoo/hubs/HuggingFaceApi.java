package dev.tailor.zoo.hubs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The hub's answers about one repository: its commit, its files, and where a file's bytes are. */
final class HuggingFaceApi {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");
    private static final Set<String> HUB_HOSTS = Set.of("huggingface.co", "hf.co");
    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_PAGES = 1000;

    private final HubClient client;
    private final HuggingFaceSettings settings;
    private final HuggingFaceErrors errors;
    private final String repository;
    private final HuggingFaceWarnings warnings;

    /** A repository's commit, and the names of its files and its licence where the hub tells them along with it. */
    record Revision(
            String commit,
            Map<String, HuggingFaceListing.Entry> siblings,
            @Nullable String license) {}

    /** What the hub says of a file before it sends it. */
    record RemoteFile(String etag, long size, HubRequest first, HubRequest again) {}

    HuggingFaceApi(
            HubClient client, HuggingFaceSettings settings, HuggingFaceErrors errors, HuggingFaceWarnings warnings) {
        this.client = client;
        this.settings = settings;
        this.errors = errors;
        this.warnings = warnings;
        this.repository = errors.repository();
    }

    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /** The commit that a branch, a tag or a shortened commit stands for. */
    Revision revision() {
        String path = "/api/models/" + repository + "/revision/" + encode(errors.revision());
        HubResponse response = warnings.heard(client.follow(get(settings.resolve(path))));
        JsonObject info = object(success(response, null));
        String commit = HuggingFaceListing.text(info, "sha");
        if (commit == null || !isCommit(commit)) {
            throw notAHub(response, "names no commit");
        }
        Map<String, HuggingFaceListing.Entry> siblings = new TreeMap<>();
        if (info.get("siblings") instanceof com.google.gson.JsonArray array) {
            for (JsonElement sibling : array) {
                String name =
                        sibling.isJsonObject() ? HuggingFaceListing.text(sibling.getAsJsonObject(), "rfilename") : null;
                if (name != null) {
                    siblings.put(name, new HuggingFaceListing.Entry(-1, null, null));
                }
            }
        }
        return new Revision(commit, siblings, HuggingFaceSearch.license(info));
    }

    /** All files at a commit, with sizes and digests, however many pages the hub needs. */
    HuggingFaceListing listing(Revision revision) {
        URI page = settings.resolve("/api/models/" + repository + "/tree/" + revision.commit() + "?recursive=true");
        Map<String, HuggingFaceListing.Entry> files = new TreeMap<>();
        Set<URI> seen = new HashSet<>();
        while (page != null) {
            HubResponse response = warnings.heard(client.follow(get(page)));
            if (response.status() == 404
                    && seen.isEmpty()
                    && !revision.siblings().isEmpty()) {
                // Some mirrors know the model's description only; it has the names without sizes.
                return new HuggingFaceListing(revision.siblings(), repository);
            }
            success(response, null);
            if (!seen.add(page) || seen.size() > MOST_PAGES) {
                throw notAHub(response, "does not come to an end with its listing");
            }
            JsonElement tree = Json.parse(response.body(), response.toString(), true);
            if (!tree.isJsonArray()) {
                throw notAHub(response, "gives no array as its listing");
            }
            for (JsonElement element : tree.getAsJsonArray()) {
                String name =
                        element.isJsonObject() ? HuggingFaceListing.text(element.getAsJsonObject(), "path") : null;
                HuggingFaceListing.Entry entry =
                        name == null ? null : HuggingFaceListing.ofTree(element.getAsJsonObject());
                if (name != null && entry != null) {
                    files.put(name, entry);
                }
            }
            page = next(response);
        }
        return new HuggingFaceListing(files, repository);
    }

    /**
     * The metadata of a file: redirects inside the hub are followed, one that leads to the storage ends it. The digest of a large
     * file is in {@code X-Linked-Etag}; the {@code ETag} of a redirect is not its content's.
     */
    RemoteFile file(String commit, String name) {
        String path = "/" + repository + "/resolve/" + commit + "/"
                + Stream.of(name.split("/", -1)).map(HuggingFaceApi::encode).collect(Collectors.joining("/"));
        HubRequest head = HubRequest.head(repository, settings.resolve(path), settings.credentials());
        HubRequest again = get(head.uri());
        boolean fromHub = false;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HubResponse response = warnings.heard(client.send(head));
            if (!response.isRedirect()) {
                success(response, name);
            }
            fromHub |= response.header("X-Repo-Commit") != null;
            String etag = response.header("X-Linked-Etag");
            URI location = response.uri();
            if (response.isRedirect()) {
                location = response.location();
                if (location == null) {
                    throw notAHub(response, "redirects to an address that is not followed");
                }
                if (etag == null && isHub(location)) {
                    head = head.to(location);
                    continue;
                }
            }
            if (etag == null) {
                etag = response.header("ETag");
            }
            if (!fromHub || etag == null) {
                throw notAHub(response, "gives no " + (fromHub ? "ETag" : "X-Repo-Commit") + " for " + name);
            }
            return new RemoteFile(etag(etag, response), size(response), get(location), again);
        }
        throw HubException.of(repository, "hf://" + repository + ": endless redirects for " + name);
    }

    HubException explain(HubResponse response, String file) {
        return errors.explain(response, file);
    }

    private HubRequest get(URI uri) {
        return HubRequest.get(repository, uri, settings.credentials());
    }

    private boolean isHub(URI target) {
        return target.getHost().equalsIgnoreCase(settings.endpoint().getHost()) || HUB_HOSTS.contains(target.getHost());
    }

    private String etag(String header, HubResponse response) {
        String etag = header.strip();
        etag = (etag.startsWith("W/") ? etag.substring(2) : etag).replace("\"", "");
        // It becomes a file name in the cache.
        if (!etag.matches("[A-Za-z0-9][A-Za-z0-9_.=-]{0,127}")) {
            throw notAHub(response, "gives an ETag that is no digest");
        }
        return etag;
    }

    private static long size(HubResponse response) {
        String size = response.header("X-Linked-Size");
        if (size == null && !response.isRedirect()) {
            size = response.header("Content-Length");
        }
        return size != null && size.matches("[0-9]{1,18}") ? Long.parseLong(size) : -1;
    }

    static @Nullable URI next(HubResponse response) {
        for (String link : response.headers().allValues("Link")) {
            Matcher next = NEXT.matcher(link);
            if (next.find()) {
                try {
                    return response.uri().resolve(next.group(1));
                } catch (IllegalArgumentException e) {
                    throw new TailorException(response + " gives a wrong link to its next page", e);
                }
            }
        }
        return null;
    }

    private HubResponse success(HubResponse response, @Nullable String file) {
        if (!response.isSuccess()) {
            throw errors.explain(response, file);
        }
        return response;
    }

    private JsonObject object(HubResponse response) {
        return Json.parseObject(response.body(), response.toString(), true);
    }

    private HubException notAHub(HubResponse response, String what) {
        return notAHub("hf://" + repository, response, what);
    }

    static HubException notAHub(String asked, HubResponse response, String what) {
        return new HubException(
                asked + ": " + response.uri().getHost() + " " + what
                        + ". Is it a Hugging Face hub? See HF_ENDPOINT, and proxies that change answers.",
                response.request().repository(),
                response.uri(),
                response.status(),
                false,
                null);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
