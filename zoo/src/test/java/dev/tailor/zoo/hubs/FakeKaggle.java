package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Kaggle's REST interface for one model, redirecting to a storage like Google's. */
final class FakeKaggle extends TwoHosts {
    private final String instance;
    private final Map<String, byte[]> files = new TreeMap<>();
    private int newest = 3;
    private boolean digests = true;
    private String zipped = "";
    private boolean rpc;
    private final List<String> questions = new CopyOnWriteArrayList<>();

    FakeKaggle(String instance) {
        this.instance = instance;
        onHub(this::hub);
        onStorage(this::storage);
    }

    FakeKaggle with(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    FakeKaggle with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    FakeKaggle newest(int version) {
        newest = version;
        return this;
    }

    FakeKaggle withoutDigests() {
        digests = false;
        return this;
    }

    /** Stores that file as a ZIP of its name. */
    FakeKaggle zipped(String name) {
        zipped = name;
        return this;
    }

    /** Knows the newer interface only. */
    FakeKaggle withoutRest() {
        rpc = true;
        return this;
    }

    /** What was asked of the newer interface: the method and the JSON. */
    List<String> questions() {
        return questions;
    }

    private void hub(HttpExchange exchange) throws IOException {
        if (rpc) {
            rpc(exchange);
        } else {
            rest(exchange);
        }
    }

    private void rpc(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String service = "/api/v1/models.ModelApiService/";
        if (!exchange.getRequestMethod().equals("POST") || !path.startsWith(service)) {
            status(404, "<html>no such page</html>").answer(exchange);
            return;
        }
        String method = path.substring(service.length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        questions.add(method + " " + body);
        JsonObject question = JsonParser.parseString(body).getAsJsonObject();
        String asked = question.get("ownerSlug").getAsString() + "/"
                + question.get("modelSlug").getAsString() + "/keras/"
                + question.get("instanceSlug").getAsString();
        boolean current =
                !question.has("versionNumber") || question.get("versionNumber").getAsInt() == newest;
        if (!asked.equals(instance) || !current) {
            status(404, "{\"code\":404,\"message\":\"Not found\"}").answer(exchange);
        } else if (method.equals("GetModelInstance")) {
            instance(exchange);
        } else if (method.equals("ListModelInstanceVersionFiles")) {
            String token = question.has("pageToken") ? question.get("pageToken").getAsString() : "p/0";
            list(exchange, question.get("pageSize").getAsInt(), Integer.parseInt(token.substring(2)));
        } else if (question.has("path")) {
            redirect(exchange, "/bucket/file/" + question.get("path").getAsString());
        } else {
            redirect(exchange, "/bucket/bundle/archive.tar.gz");
        }
    }

    private void instance(HttpExchange exchange) throws IOException {
        json(
                exchange,
                "{\"id\":1,\"slug\":\"x\",\"versionNumber\":" + newest
                        + ",\"licenseName\":\"Apache 2.0\",\"overview\":\"# Tiny\",\"usage\":\"Use it.\"}");
    }

    private void rest(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String version = "/api/v1/models/" + instance + "/" + newest;
        if (path.equals("/api/v1/models/" + instance + "/get")) {
            instance(exchange);
        } else if (path.equals(version + "/files")) {
            list(exchange);
        } else if (path.equals(version + "/download")) {
            redirect(exchange, "/bucket/bundle/archive.tar.gz");
        } else if (path.startsWith(version + "/download/")) {
            String name = path.substring((version + "/download/").length());
            if (files.containsKey(name)) {
                redirect(exchange, "/bucket/file/" + name + (name.equals(zipped) ? ".zip" : ""));
            } else {
                status(404, "{\"code\":404,\"message\":\"Not found\"}").answer(exchange);
            }
        } else {
            status(404, "{\"code\":404,\"message\":\"Not found\"}").answer(exchange);
        }
    }

    private void redirect(HttpExchange exchange, String path) throws IOException {
        exchange.getResponseHeaders()
                .set("Location", storage() + HubText.encode(path) + "?X-Goog-Signature=secret&X-Goog-Expires=259200");
        answer(exchange, 302, "Found".getBytes(StandardCharsets.UTF_8));
    }

    private void list(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int size = Integer.parseInt(query.replaceAll(".*page_size=([0-9]+).*", "$1"));
        int from = query.contains("page_token=")
                ? Integer.parseInt(query.replaceAll(".*page_token=p/([0-9]+).*", "$1"))
                : 0;
        list(exchange, size, from);
    }

    private void list(HttpExchange exchange, int size, int from) throws IOException {
        List<String> names = List.copyOf(files.keySet());
        JsonArray page = new JsonArray();
        for (String name : names.subList(from, Math.min(names.size(), from + size))) {
            JsonObject file = new JsonObject();
            file.addProperty("name", name);
            file.addProperty("size", files.get(name).length);
            file.addProperty("creationDate", "2024-01-01T00:00:00Z");
            page.add(file);
        }
        JsonObject answer = new JsonObject();
        answer.add("files", page);
        answer.addProperty("nextPageToken", from + size < names.size() ? "p/" + (from + size) : "");
        json(exchange, answer.toString());
    }

    private void storage(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] content;
        if (path.endsWith("/archive.tar.gz")) {
            content = Tars.gzip(files);
        } else {
            String name = path.substring("/bucket/file/".length());
            content = files.containsKey(name) ? files.get(name) : zip(zipped, files.get(zipped));
        }
        if (digests) {
            exchange.getResponseHeaders().add("x-goog-hash", "crc32c=n03x6A==");
            exchange.getResponseHeaders().add("x-goog-hash", "md5=" + md5(content));
        }
        file(exchange, content);
    }

    static void json(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        answer(exchange, 200, text.getBytes(StandardCharsets.UTF_8));
    }

    static String md5(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] zip(String name, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name.substring(name.lastIndexOf('/') + 1)));
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
