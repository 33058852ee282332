package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.hub.Credentials;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NGC's catalogue as far as one version of a model needs it. Its interface is only partly documented, so that each of the forms that
 * NVIDIA's clients use is tried and understood. Used by one thread.
 */
final class NgcApi {
    private static final Logger LOG = LoggerFactory.getLogger(NgcApi.class);
    private static final int MOST_PAGES = 4000;
    private static final List<String> LISTS = List.of("modelFiles", "resourceFiles", "recipeFiles", "files");
    private static final Map<String, Integer> STATUS = Map.of(
            "UNAUTHORIZED", 401, "FORBIDDEN", 403, "NOT_FOUND", 404, "INVALID_REQUEST", 400, "TOO_MANY_REQUESTS", 429);

    private final HubClient client;
    private final NgcErrors errors;
    private final NgcSession session;

    /**
     * One file.
     *
     * @param size bytes, or -1
     * @param hash as in {@link HubListing.Entry}, or null
     * @param signed where its bytes are for some minutes, or null
     */
    record Remote(
            long size, @Nullable String hash, @Nullable URI signed) {}

    /** Where to ask for a file first, and where after a failure. */
    record Source(HubRequest first, HubRequest again) {}

    NgcApi(HubClient client, NgcErrors errors, NgcSession session) {
        this.client = client;
        this.errors = errors;
        this.session = session;
    }

    /** The latest version. */
    String latest() {
        NgcId id = errors.id();
        JsonObject info;
        try {
            info = json("/v2/" + id.group() + "/" + id.kind() + "/" + HubText.encode(id.name()), session.credentials());
        } catch (HubException e) {
            if (!mayDiffer(e)) {
                throw e;
            }
            info = otherwise(e, () -> json("/v2/" + id.kind() + "/" + id.plain(), null));
        }
        for (String kind : List.of("model", "resource", "recipe")) {
            JsonElement told = info.get(kind);
            String version = told != null && told.isJsonObject()
                    ? HubListing.text(told.getAsJsonObject(), "latestVersionIdStr")
                    : null;
            if (version != null && version.matches("[A-Za-z0-9][\\w.+-]*")) {
                return version;
            }
        }
        throw HubException.of(
                id.toString(), "ngc://" + id + ": NGC names no latest version. Give one: ngc://" + id + ":version.");
    }

    /** All files of the version. */
    Map<String, Remote> files() {
        NgcId id = errors.id();
        String plain = "/v2/" + id.kind() + "/" + id.plain() + "/versions/" + HubText.encode(id.version()) + "/files/";
        String tail = HubText.encode(id.name()) + "/" + HubText.encode(id.version()) + "/files";
        if (session.isGuest()) {
            try {
                return pages(plain, null);
            } catch (HubException e) {
                if (!mayDiffer(e)) {
                    throw e;
                }
                return otherwise(e, () -> pages("/v2/" + id.kind() + "/" + id.group() + "/" + tail, null));
            }
        }
        Map<String, Remote> files;
        try {
            files = renewing(() -> pages("/v2/" + id.group() + "/" + id.kind() + "/" + tail, session.credentials()));
        } catch (HubException e) {
            if (!mayDiffer(e)) {
                throw e;
            }
            // Some organisations refuse to list, but tell names and digests in a file.
            boolean context = String.valueOf(e.getMessage()).contains("Org contex");
            return otherwise(e, context ? this::checksums : () -> pages(plain, null));
        }
        if (files.values().stream().anyMatch(file -> file.hash() == null)) {
            addDigests(files, plain);
        }
        return files;
    }

    /** Where a file's bytes may be, the likeliest place first. */
    List<Source> sources(String name, @Nullable URI signed) {
        NgcId id = errors.id();
        Credentials credentials = session.credentials();
        String version = HubText.encode(id.version());
        String file = HubText.encode(name);
        HubRequest plain = request(
                session.isGuest()
                        ? "/v2/" + id.kind() + "/" + id.plain() + "/versions/" + version + "/files/" + file
                        : direct() + file,
                credentials);
        HubRequest redirecting = request(
                "/v2/" + id.kind() + "/" + id.group() + "/" + HubText.encode(id.name()) + "/" + version
                        + "/files?redirect=true&path=" + file.replace("/", "%2F"),
                credentials);
        HubRequest first = signed == null ? plain : HubRequest.get(id.toString(), signed, null);
        return List.of(new Source(first, plain), new Source(redirecting, redirecting));
    }

    private String direct() {
        NgcId id = errors.id();
        return "/v2/" + id.group() + "/" + id.kind() + "/" + HubText.encode(id.name()) + "/versions/"
                + HubText.encode(id.version()) + "/files/";
    }

    /** A model that its owner opened to guests tells sizes and digests there. */
    private void addDigests(Map<String, Remote> files, String plain) {
        try {
            pages(plain, null)
                    .forEach((name, told) -> files.computeIfPresent(
                            name,
                            (same, known) -> new Remote(
                                    known.size() >= 0 ? known.size() : told.size(),
                                    known.hash() != null ? known.hash() : told.hash(),
                                    known.signed())));
        } catch (HubException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.debug("{}: no digests for guests: {}", errors.id(), e.getMessage());
        }
    }

    private Map<String, Remote> checksums() {
        HubResponse response = client.follow(request(direct() + "checksums.blake3", session.credentials()));
        if (!response.isSuccess()) {
            throw errors.explain(response, null);
        }
        Map<String, Remote> files = new TreeMap<>();
        new String(response.body(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.strip().split("\\s+\\*?", 2))
                .filter(line -> line.length == 2 && line[0].matches("[0-9a-fA-F]{64}"))
                .forEach(line ->
                        files.put(clean(line[1]), new Remote(-1, "blake3:" + line[0].toLowerCase(Locale.ROOT), null)));
        return files;
    }

    private Map<String, Remote> pages(String path, @Nullable Credentials credentials) {
        Map<String, Remote> files = new TreeMap<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            JsonObject answer = json(path + "?page-size=100&page-number=" + page, credentials);
            int before = files.size();
            read(answer, files);
            JsonElement info = answer.get("paginationInfo");
            long pages =
                    info != null && info.isJsonObject() ? HubListing.number(info.getAsJsonObject(), "totalPages") : -1;
            if (page >= pages) {
                return files;
            }
            if (files.size() == before) {
                break;
            }
        }
        throw HubException.of(
                errors.id().toString(),
                "ngc://" + errors.id() + ": NGC's listing of the files has no end; nothing was downloaded");
    }

    private void read(JsonObject answer, Map<String, Remote> files) {
        for (String list : LISTS) {
            for (JsonObject file : HubListing.objects(answer, list)) {
                String path = HubListing.text(file, "path");
                String name = path != null ? path : HubListing.text(file, "name");
                if (name != null) {
                    long size = HubListing.number(file, file.has("sizeInBytes") ? "sizeInBytes" : "size");
                    files.put(clean(name), new Remote(size, sha256(HubListing.text(file, "sha256_base64")), null));
                }
            }
        }
        List<String> names = texts(answer, "filepath");
        List<String> urls = texts(answer, "urls");
        if (names.size() != urls.size()) {
            throw HubException.of(
                    errors.id().toString(),
                    "ngc://" + errors.id() + ": NGC lists " + names.size() + " files and " + urls.size()
                            + " addresses; they must be as many");
        }
        for (int i = 0; i < names.size(); i++) {
            files.put(clean(names.get(i)), new Remote(-1, null, signed(urls.get(i))));
        }
    }

    /** Null, so that the catalogue is asked for the file, where the address is none that may be followed. */
    private @Nullable URI signed(String url) {
        try {
            URI uri = URI.create(url);
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            boolean plain = "http".equalsIgnoreCase(uri.getScheme())
                    && "http".equalsIgnoreCase(errors.settings().endpoint().getScheme());
            return uri.getHost() != null && (secure || plain) ? uri : null;
        } catch (IllegalArgumentException e) {
            LOG.debug("{}: an address in the manifest is none", errors.id());
            return null;
        }
    }

    private JsonObject json(String path, @Nullable Credentials credentials) {
        HubResponse response = client.follow(request(path, credentials).with("Accept", "application/json"));
        if (!response.isSuccess()) {
            throw errors.explain(response, null);
        }
        JsonObject object = Json.parseObject(response.body(), response.toString(), true);
        JsonElement status = object.get("requestStatus");
        String code = status != null && status.isJsonObject()
                ? HubListing.text(status.getAsJsonObject(), "statusCode")
                : null;
        if (code != null && !code.equals("SUCCESS")) {
            int meant = Objects.requireNonNullElse(STATUS.get(code), response.status());
            throw errors.explain(response, meant, HubText.said(object), null);
        }
        return object;
    }

    private HubRequest request(String path, @Nullable Credentials credentials) {
        return HubRequest.get(errors.id().toString(), errors.settings().api(path), credentials);
    }

    private <T> T renewing(java.util.function.Supplier<T> call) {
        try {
            return call.get();
        } catch (HubException e) {
            if (e.status() != 401 || !session.renew()) {
                throw e;
            }
            return call.get();
        }
    }

    private static boolean mayDiffer(HubException e) {
        return e.status() == 400 || e.status() == 401 || e.status() == 403 || e.status() == 404;
    }

    /** The second form of a call; the first form's error is the one to show. */
    private static <T> T otherwise(HubException first, java.util.function.Supplier<T> second) {
        try {
            return second.get();
        } catch (HubException e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    private static String clean(String name) {
        return name.startsWith("./") ? name.substring(2) : name;
    }

    private static @Nullable String sha256(@Nullable String base64) {
        return base64 != null && base64.matches("[A-Za-z0-9+/]{43}=")
                ? "sha256:" + HexFormat.of().formatHex(Base64.getDecoder().decode(base64))
                : null;
    }

    private static List<String> texts(JsonObject object, String field) {
        List<String> texts = new ArrayList<>();
        if (object.get(field) instanceof JsonArray array) {
            array.forEach(text -> texts.add(text.isJsonPrimitive() ? text.getAsString() : ""));
        }
        return texts;
    }
}
