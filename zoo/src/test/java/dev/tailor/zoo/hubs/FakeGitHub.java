package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The repository {@code o/r} as GitHub has it: API under {@code /api} and site on the one host, raw files, signed assets and large
 * objects on the other.
 */
final class FakeGitHub extends TwoHosts {
    static final String COMMIT = "fedcba9876543210fedcba9876543210fedcba98";
    private static final String REPOSITORY = "/api/repos/o/r";

    record Asset(int id, String name, byte[] content, boolean digest, String state) {}

    final Map<String, byte[]> files = new LinkedHashMap<>();
    final Map<String, byte[]> large = new LinkedHashMap<>();
    final Map<String, String> links = new LinkedHashMap<>();
    final List<Asset> assets = new ArrayList<>();
    final List<String> refs = new ArrayList<>(List.of("HEAD", "main", "v1", "feature/x"));
    String tag = "v1";
    boolean truncated;

    @Nullable
    String token;

    final List<String> posted = new ArrayList<>();

    FakeGitHub() {
        onHub(this::hub);
        onStorage(this::storage);
    }

    static String pointer(byte[] content) {
        return "version https://git-lfs.github.com/spec/v1\noid sha256:" + FakeHuggingFace.sha256(content) + "\nsize "
                + content.length + "\n";
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (token != null && path.startsWith("/api") && !("Bearer " + token).equals(authorization)) {
            error(exchange, 404, "Not Found");
        } else if (path.equals("/o/r.git/info/lfs/objects/batch")) {
            batch(exchange);
        } else if (path.startsWith("/o/r/releases/download/" + tag + "/")) {
            redirect(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else if (path.equals(REPOSITORY)) {
            answer(exchange, 200, "{\"license\":{\"spdx_id\":\"MIT\"}}".getBytes(StandardCharsets.UTF_8));
        } else if (path.startsWith(REPOSITORY + "/")) {
            api(exchange, path.substring(REPOSITORY.length()));
        } else {
            error(exchange, 404, "Not Found");
        }
    }

    private void api(HttpExchange exchange, String path) throws IOException {
        if (!assets.isEmpty() && (path.equals("/releases/tags/" + tag) || path.equals("/releases/latest"))) {
            json(exchange, release());
        } else if (path.startsWith("/releases/assets/")) {
            int id = Integer.parseInt(path.substring("/releases/assets/".length()));
            redirect(
                    exchange,
                    assets.stream()
                            .filter(asset -> asset.id() == id)
                            .findFirst()
                            .orElseThrow()
                            .name());
        } else if (path.startsWith("/commits/")) {
            String ref = path.substring("/commits/".length()).replace("%2F", "/");
            if (refs.contains(ref)) {
                answer(exchange, 200, COMMIT.getBytes(StandardCharsets.UTF_8));
            } else {
                error(exchange, 422, "No commit found for SHA: " + ref);
            }
        } else if (path.startsWith("/git/trees/")) {
            tree(exchange, path.substring("/git/trees/".length()));
        } else if (path.startsWith("/git/blobs/")) {
            for (String name : names()) {
                if (FakeHuggingFace.gitBlob(blob(name)).equals(path.substring("/git/blobs/".length()))) {
                    file(exchange, blob(name));
                    return;
                }
            }
            error(exchange, 404, "Not Found");
        } else {
            error(exchange, 404, "Not Found");
        }
    }

    private void redirect(HttpExchange exchange, String name) throws IOException {
        exchange.getResponseHeaders().set("Location", storage() + "/signed/" + name + "?sig=secret");
        answer(exchange, 302, new byte[0]);
    }

    private JsonObject release() {
        JsonArray array = new JsonArray();
        for (Asset asset : assets) {
            JsonObject json = new JsonObject();
            json.addProperty("id", asset.id());
            json.addProperty("name", asset.name());
            json.addProperty("state", asset.state());
            json.addProperty("size", asset.content().length);
            json.addProperty("digest", asset.digest() ? "sha256:" + FakeHuggingFace.sha256(asset.content()) : null);
            array.add(json);
        }
        JsonObject json = new JsonObject();
        json.addProperty("id", 1);
        json.addProperty("tag_name", tag);
        json.add("assets", array);
        return json;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(files.keySet());
        names.addAll(large.keySet());
        names.addAll(links.keySet());
        return names;
    }

    private byte[] blob(String name) {
        if (links.containsKey(name)) {
            return links.get(name).getBytes(StandardCharsets.UTF_8);
        }
        return large.containsKey(name) ? pointer(large.get(name)).getBytes(StandardCharsets.UTF_8) : files.get(name);
    }

    /** The id of a folder is the hash of its name, which a listing of it is asked by. */
    private void tree(HttpExchange exchange, String sha) throws IOException {
        boolean recursive = String.valueOf(exchange.getRequestURI().getQuery()).contains("recursive=1");
        String folder = "";
        for (String name : names()) {
            for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
                String parent = name.substring(0, slash);
                folder = FakeHuggingFace.gitBlob(parent.getBytes(StandardCharsets.UTF_8))
                                .equals(sha)
                        ? parent + "/"
                        : folder;
            }
        }
        boolean cut = truncated && recursive && folder.isEmpty();
        JsonArray array = new JsonArray();
        TreeSet<String> folders = new TreeSet<>();
        for (String name : cut ? List.<String>of() : names()) {
            if (!name.startsWith(folder)) {
                continue;
            }
            String rest = name.substring(folder.length());
            if (rest.contains("/") && !rest.startsWith("/") && !recursive) {
                folders.add(rest.substring(0, rest.indexOf('/')));
                continue;
            }
            array.add(entry(rest, "blob", links.containsKey(name) ? "120000" : "100644", blob(name)));
        }
        for (String child : folders) {
            array.add(entry(child, "tree", "040000", (folder + child).getBytes(StandardCharsets.UTF_8)));
        }
        array.add(entry("submodule", "commit", "160000", new byte[0]));
        JsonObject json = new JsonObject();
        json.add("tree", array);
        json.addProperty("truncated", cut);
        json(exchange, json);
    }

    private static JsonObject entry(String path, String type, String mode, byte[] content) {
        JsonObject entry = new JsonObject();
        entry.addProperty("path", path);
        entry.addProperty("type", type);
        entry.addProperty("mode", mode);
        entry.addProperty("sha", FakeHuggingFace.gitBlob(content));
        entry.addProperty("size", content.length);
        return entry;
    }

    private void batch(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        posted.add(body);
        JsonObject asked = JsonParser.parseString(body)
                .getAsJsonObject()
                .getAsJsonArray("objects")
                .get(0)
                .getAsJsonObject();
        JsonObject header = new JsonObject();
        header.addProperty("Authorization", "RemoteAuth lfs-secret");
        JsonObject download = new JsonObject();
        download.addProperty("href", storage() + "/lfs/" + asked.get("oid").getAsString());
        download.add("header", header);
        JsonObject actions = new JsonObject();
        actions.add("download", download);
        asked.add("actions", actions);
        JsonArray objects = new JsonArray();
        objects.add(asked);
        JsonObject json = new JsonObject();
        json.add("objects", objects);
        json(exchange, json);
    }

    private void storage(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String raw = "/raw/o/r/" + COMMIT + "/";
        if (path.startsWith("/signed/")) {
            String name = path.substring("/signed/".length());
            file(
                    exchange,
                    assets.stream()
                            .filter(a -> a.name().equals(name))
                            .findFirst()
                            .orElseThrow()
                            .content());
        } else if (path.startsWith("/lfs/")) {
            for (byte[] content : large.values()) {
                if (path.endsWith(FakeHuggingFace.sha256(content))) {
                    file(exchange, content);
                }
            }
        } else if (path.startsWith(raw) && names().contains(path.substring(raw.length()))) {
            file(exchange, blob(path.substring(raw.length())));
        } else {
            answer(exchange, 404, "404: Not Found".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void error(HttpExchange exchange, int status, String message) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("message", message);
        answer(exchange, status, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void json(HttpExchange exchange, JsonObject json) throws IOException {
        answer(exchange, 200, json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
