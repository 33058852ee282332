package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The hub as it answers since mid-2025: small files by 307 to its resolve cache, large ones by 302 to signed storage. */
final class FakeHuggingFace extends TwoHosts {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final String repository;
    private final Map<String, byte[]> files = new TreeMap<>();
    private String commit = COMMIT;
    private int page = 1000;

    FakeHuggingFace(String repository) {
        this.repository = repository;
        onHub(this::hub);
        onStorage(exchange -> {
            String hash = exchange.getRequestURI().getPath().replaceAll(".*/", "");
            byte[] content = files.values().stream()
                    .filter(file -> sha256(file).equals(hash))
                    .findFirst()
                    .orElseThrow();
            exchange.getResponseHeaders().set("ETag", "\"storage-etag-is-no-digest\"");
            file(exchange, content);
        });
    }

    FakeHuggingFace with(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    FakeHuggingFace with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    FakeHuggingFace without(String name) {
        files.remove(name);
        return this;
    }

    FakeHuggingFace at(String commit) {
        this.commit = commit;
        return this;
    }

    FakeHuggingFace pagesOf(int entries) {
        page = entries;
        return this;
    }

    /** The etag that the hub gives for the content. */
    static String etag(String name, byte[] content) {
        return isLarge(name) ? sha256(content) : gitBlob(content);
    }

    static boolean isLarge(String name) {
        return List.of("safetensors", "bin", "onnx", "model", "h5", "msgpack")
                .contains(name.substring(name.lastIndexOf('.') + 1));
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        exchange.getResponseHeaders().set("X-Request-Id", "Root=1-test");
        String api = "/api/models/" + repository;
        if (path.startsWith(api + "/revision/")) {
            info(exchange);
        } else if (path.startsWith(api + "/tree/" + commit)) {
            tree(exchange);
        } else if (path.startsWith("/api/resolve-cache/models/" + repository + "/" + commit + "/")) {
            String name = path.substring(("/api/resolve-cache/models/" + repository + "/" + commit + "/").length());
            exchange.getResponseHeaders().set("ETag", "\"" + gitBlob(files.get(name)) + "\"");
            exchange.getResponseHeaders().set("X-Repo-Commit", commit);
            file(exchange, files.get(name));
        } else if (path.matches("/" + repository + "/resolve/(main|" + commit + ")/.+")) {
            resolve(exchange, path.replaceFirst("/" + repository + "/resolve/[^/]+/", ""));
        } else {
            exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
            answer(exchange, 404, "Repository not found".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void resolve(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        exchange.getResponseHeaders().set("X-Repo-Commit", commit);
        if (content == null) {
            exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
            answer(exchange, 404, "Entry not found".getBytes(StandardCharsets.UTF_8));
            return;
        }
        byte[] text = "Redirecting".getBytes(StandardCharsets.UTF_8);
        if (isLarge(name)) {
            exchange.getResponseHeaders()
                    .set("Location", storage() + "/bucket/" + sha256(content) + "?Signature=secret&Expires=1");
            exchange.getResponseHeaders().set("ETag", "W/\"not-the-content\"");
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + sha256(content) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.length));
            answer(exchange, 302, text);
        } else {
            exchange.getResponseHeaders()
                    .set("Location", "/api/resolve-cache/models/" + repository + "/" + commit + "/" + name + "?etag=x");
            answer(exchange, 307, text);
        }
    }

    private void info(HttpExchange exchange) throws IOException {
        JsonObject info = new JsonObject();
        info.addProperty("id", repository);
        info.addProperty("sha", commit);
        JsonArray siblings = new JsonArray();
        for (String name : files.keySet()) {
            JsonObject sibling = new JsonObject();
            sibling.addProperty("rfilename", name);
            siblings.add(sibling);
        }
        info.add("siblings", siblings);
        json(exchange, info.toString());
    }

    private void tree(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=([0-9]+).*", "$1")) : 0;
        List<String> names = List.copyOf(files.keySet());
        JsonArray entries = new JsonArray();
        for (String name : names.subList(from, Math.min(names.size(), from + page))) {
            JsonObject entry = new JsonObject();
            entry.addProperty("type", "file");
            entry.addProperty("path", name);
            entry.addProperty("size", files.get(name).length);
            entry.addProperty("oid", gitBlob(isLarge(name) ? name.getBytes(StandardCharsets.UTF_8) : files.get(name)));
            if (isLarge(name)) {
                JsonObject lfs = new JsonObject();
                lfs.addProperty("oid", sha256(files.get(name)));
                lfs.addProperty("size", files.get(name).length);
                lfs.addProperty("pointerSize", 134);
                entry.add("lfs", lfs);
            }
            entries.add(entry);
        }
        if (from + page < names.size()) {
            String next = hub() + exchange.getRequestURI().getPath() + "?recursive=true&cursor=" + (from + page);
            exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
        }
        json(exchange, entries.toString());
    }

    private static void json(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        answer(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
    }

    static String gitBlob(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
        return hash("SHA-1", head, content);
    }

    static String sha256(byte[] content) {
        return hash("SHA-256", content);
    }

    private static String hash(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
