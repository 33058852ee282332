package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.hub.Credentials;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Git LFS: pointers in place of large files, and the batch API that says where the bytes are. */
final class GitLfs {
    /** Pointers are shorter than this. */
    static final int MOST_BYTES = 1024;

    private static final String TYPE = "application/vnd.git-lfs+json";
    private static final Pattern POINTER = Pattern.compile(
            "version https?://(?:git-lfs\\.github\\.com|hawser\\.github\\.com)/spec/v1\n"
                    + "(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:([0-9a-f]{64})\n(?:[a-z0-9.-]+ [^\n]*\n)*?size ([0-9]{1,18})\n?.*",
            Pattern.DOTALL);

    /** Set by the HTTP client itself, or by the download. */
    private static final Set<String> OWN_HEADERS = Set.of(
            "host",
            "content-length",
            "connection",
            "expect",
            "upgrade",
            "accept-encoding",
            "range",
            "transfer-encoding");

    private final HubClient client;
    private final GitHubSettings settings;
    private final GitHubErrors errors;

    /**
     * What a pointer says.
     *
     * @param oid SHA-256 of the bytes in 64 hex digits
     * @param size their number
     */
    record Pointer(String oid, long size) {}

    GitLfs(HubClient client, GitHubSettings settings, GitHubErrors errors) {
        this.client = client;
        this.settings = settings;
        this.errors = errors;
    }

    /** Reads a pointer; empty if the bytes are something else. */
    static Optional<Pointer> pointer(byte[] content) {
        if (content.length >= MOST_BYTES) {
            return Optional.empty();
        }
        Matcher pointer = POINTER.matcher(new String(content, StandardCharsets.UTF_8));
        return pointer.matches()
                ? Optional.of(new Pointer(pointer.group(1), Long.parseLong(pointer.group(2))))
                : Optional.empty();
    }

    /** Asks where the bytes of a pointer are; the address is good for minutes. */
    HubRequest locate(Pointer pointer, String name) {
        URI address = URI.create(settings.web() + "/" + errors.slug() + ".git/info/lfs/objects/batch");
        HubRequest request = HubRequest.get(errors.slug(), address, settings.lfsCredentials())
                .with("Accept", TYPE)
                .with("Content-Type", TYPE);
        HubResponse response = client.follow(request.asking(body(pointer)));
        if (!response.isSuccess()) {
            throw errors.explain(response, Refusal.NO_FILE, "the Git LFS object of " + name);
        }
        JsonObject answer =
                Json.parseObject(response.body(), "the answer of " + address.getHost() + "'s Git LFS", true);
        JsonObject object = null;
        if (answer.get("objects") instanceof JsonArray objects) {
            for (JsonElement element : objects) {
                if (element instanceof JsonObject found
                        && pointer.oid().equals(HuggingFaceListing.text(found, "oid"))) {
                    object = found;
                }
            }
        }
        JsonObject download = object != null
                        && object.get("actions") instanceof JsonObject actions
                        && actions.get("download") instanceof JsonObject action
                ? action
                : null;
        String href = download == null ? null : HuggingFaceListing.text(download, "href");
        if (download == null || href == null) {
            throw missing(object, response, name);
        }
        return request(href, download, address, name);
    }

    private HubException missing(@Nullable JsonObject object, HubResponse response, String name) {
        JsonObject error = object != null && object.get("error") instanceof JsonObject found ? found : new JsonObject();
        long code = GitHubRelease.number(error, "code");
        String said = Objects.requireNonNullElse(HuggingFaceListing.text(error, "message"), "no download is offered");
        int status = code >= 400 && code < 600 ? (int) code : response.status();
        Refusal refusal = code < 0 || code == 404 || code == 410 ? Refusal.NO_FILE : Refusal.OTHER;
        return refusal.exception(
                "github://" + errors.slug() + ": Git LFS cannot give " + name + ": " + GitHubErrors.clean(said)
                        + (code < 0 ? "" : " (" + code + ")")
                        + ". Its bytes are not in the repository, only their pointer is; ask its owner, or take another source.",
                errors.slug(),
                response,
                status);
    }

    /** The headers may be secrets, so the chief one is bound to the host that it is meant for. */
    private HubRequest request(String href, JsonObject download, URI hub, String name) {
        URI uri;
        try {
            uri = URI.create(href);
        } catch (IllegalArgumentException e) {
            throw unsafe(name);
        }
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        boolean plain = "http".equalsIgnoreCase(uri.getScheme()) && "http".equalsIgnoreCase(hub.getScheme());
        if (uri.getHost() == null || !(secure || plain)) {
            throw unsafe(name);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (download.get("header") instanceof JsonObject given) {
            for (Map.Entry<String, JsonElement> header : given.entrySet()) {
                boolean text = header.getValue() instanceof JsonPrimitive value
                        && value.isString()
                        && value.getAsString().chars().allMatch(c -> c >= 0x20 && c < 0x7F);
                if (!text || !header.getKey().matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
                    throw unsafe(name);
                }
                if (!OWN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                    headers.put(header.getKey(), header.getValue().getAsString());
                }
            }
        }
        String secret = headers.keySet().stream()
                .filter(key -> key.equalsIgnoreCase("Authorization"))
                .findFirst()
                .orElse(headers.isEmpty() ? null : headers.keySet().iterator().next());
        Credentials credentials = secret == null
                ? null
                : Credentials.header(uri, secret, Objects.requireNonNull(headers.remove(secret)), "Git LFS");
        HubRequest request = HubRequest.get(errors.slug(), uri, credentials);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            request = request.with(header.getKey(), header.getValue());
        }
        return request;
    }

    private HubException unsafe(String name) {
        return HubException.of(
                errors.slug(),
                "github://" + errors.slug() + ": Git LFS gives an address or a header for " + name
                        + " that is not used");
    }

    private static byte[] body(Pointer pointer) {
        JsonObject object = new JsonObject();
        object.addProperty("oid", pointer.oid());
        object.addProperty("size", pointer.size());
        JsonArray objects = new JsonArray();
        objects.add(object);
        JsonArray transfers = new JsonArray();
        transfers.add("basic");
        JsonObject body = new JsonObject();
        body.addProperty("operation", "download");
        body.add("transfers", transfers);
        body.add("objects", objects);
        body.addProperty("hash_algo", "sha256");
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }
}
