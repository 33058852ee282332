package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import dev.tailor.hub.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** NGC's catalogue for one model, for guests and for keys, redirecting to signed addresses. It exchanges legacy keys too. */
final class FakeNgc extends TwoHosts {
    private static final String VERSION = "/versions/1.0/files/";

    private final String org;
    private final String team;
    private final String name;
    private final Map<String, byte[]> files = new TreeMap<>();
    private boolean guests = true;
    private boolean listing = true;
    private boolean redirectForm;
    private int page = 100;
    private String token = "nvapi-secret";

    FakeNgc(String org, String team, String name) {
        this.org = org;
        this.team = team;
        this.name = name;
        onHub(this::hub);
        onStorage(exchange ->
                file(exchange, files.get(exchange.getRequestURI().getPath().substring("/signed/".length()))));
    }

    FakeNgc with(String file, byte[] content) {
        files.put(file, content);
        return this;
    }

    FakeNgc with(String file, String content) {
        return with(file, content.getBytes(StandardCharsets.UTF_8));
    }

    FakeNgc pagesOf(int entries) {
        page = entries;
        return this;
    }

    FakeNgc withoutGuests() {
        guests = false;
        return this;
    }

    /** As some organisations do, which only give a file of checksums. */
    FakeNgc withoutListing() {
        listing = false;
        return this;
    }

    /** Knows only the addresses that the catalogue prints now. */
    FakeNgc inTheFormWithRedirect() {
        redirectForm = true;
        return this;
    }

    /** Accepts that bearer token. */
    FakeNgc accepting(String bearer) {
        token = bearer;
        return this;
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String group = "org/" + org + (team.isEmpty() ? "" : "/team/" + team);
        String plain = "/v2/models/" + org + (team.isEmpty() ? "" : "/" + team) + "/" + name + VERSION;
        String own = "/v2/" + group + "/models/" + name;
        if (path.equals("/token")) {
            token(exchange);
        } else if (path.startsWith(plain) && !redirectForm) {
            guest(exchange, path.substring(plain.length()));
        } else if (path.equals("/v2/models/" + group + "/" + name + "/1.0/files")) {
            String query = exchange.getRequestURI().getQuery();
            boolean known =
                    ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!guests && !known) {
                refuse(exchange, 403, "FORBIDDEN", "guests may not");
            } else if (query.contains("redirect=true")) {
                redirect(exchange, query.replaceAll(".*path=", ""));
            } else {
                manifest(exchange);
            }
        } else if (path.startsWith(plain)) {
            refuse(exchange, 404, "NOT_FOUND", "no such service");
        } else if (path.equals(plain.substring(0, plain.length() - VERSION.length()))) {
            info(exchange, guests);
        } else if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            refuse(exchange, 401, "UNAUTHORIZED", "Invalid token");
        } else if (path.equals(own)) {
            info(exchange, true);
        } else if (path.equals(own + "/1.0/files") && listing) {
            manifest(exchange);
        } else if (path.equals(own + "/1.0/files")) {
            refuse(exchange, 400, "INVALID_REQUEST", "Org contex missing");
        } else if (path.startsWith(own + VERSION) && !redirectForm) {
            redirect(exchange, path.substring((own + VERSION).length()));
        } else {
            refuse(exchange, 404, "NOT_FOUND", "not found");
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        String basic = Base64.getEncoder().encodeToString("$oauthtoken:legacy".getBytes(StandardCharsets.UTF_8));
        boolean right = ("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (right) {
            FakeKaggle.json(exchange, "{\"token\":\"" + token + "\",\"expires_in\":900}");
        } else {
            refuse(exchange, 401, "UNAUTHORIZED", "bad key");
        }
    }

    private void guest(HttpExchange exchange, String file) throws IOException {
        if (!guests) {
            refuse(exchange, 403, "FORBIDDEN", "guests may not");
        } else if (file.isEmpty()) {
            JsonArray list = new JsonArray();
            for (String one : page(exchange)) {
                JsonObject entry = new JsonObject();
                entry.addProperty("path", one);
                entry.addProperty("sizeInBytes", files.get(one).length);
                entry.addProperty(
                        "sha256_base64",
                        Base64.getEncoder()
                                .encodeToString(HexFormat.of().parseHex(FakeHuggingFace.sha256(files.get(one)))));
                list.add(entry);
            }
            JsonObject answer = success();
            answer.add("modelFiles", list);
            FakeKaggle.json(exchange, answer.toString());
        } else {
            redirect(exchange, file);
        }
    }

    private void manifest(HttpExchange exchange) throws IOException {
        JsonArray urls = new JsonArray();
        JsonArray paths = new JsonArray();
        for (String one : page(exchange)) {
            urls.add(storage() + "/signed/" + HubText.encode(one) + "?Signature=secret&Key-Pair-Id=x");
            paths.add(one);
        }
        JsonObject answer = success();
        answer.add("urls", urls);
        answer.add("filepath", paths);
        FakeKaggle.json(exchange, answer.toString());
    }

    private void info(HttpExchange exchange, boolean allowed) throws IOException {
        if (allowed) {
            FakeKaggle.json(
                    exchange,
                    "{\"requestStatus\":{\"statusCode\":\"SUCCESS\"},\"model\":{\"name\":\"" + name
                            + "\",\"latestVersionIdStr\":\"1.0\",\"canGuestDownload\":true},\"modelVersions\":[]}");
        } else {
            refuse(exchange, 403, "FORBIDDEN", "guests may not");
        }
    }

    private void redirect(HttpExchange exchange, String file) throws IOException {
        if (file.equals("checksums.blake3")) {
            StringBuilder lines = new StringBuilder();
            files.keySet()
                    .forEach(one -> lines.append(blake3(files.get(one)))
                            .append("  ./")
                            .append(one)
                            .append('\n'));
            answer(exchange, 200, lines.toString().getBytes(StandardCharsets.UTF_8));
        } else if (!files.containsKey(file)) {
            refuse(exchange, 404, "NOT_FOUND", "no such file");
        } else {
            exchange.getResponseHeaders()
                    .set("Location", storage() + "/signed/" + HubText.encode(file) + "?Signature=secret");
            answer(exchange, 302, new byte[0]);
        }
    }

    private List<String> page(HttpExchange exchange) {
        int number = Integer.parseInt(exchange.getRequestURI().getQuery().replaceAll(".*page-number=([0-9]+).*", "$1"));
        List<String> names = List.copyOf(files.keySet());
        return names.subList(Math.min(names.size(), (number - 1) * page), Math.min(names.size(), number * page));
    }

    /** What the digest itself finds, since nothing else here knows this hash; its own test holds it against published values. */
    static String blake3(byte[] content) {
        try {
            Path file = Files.createTempFile("blake3", ".bin");
            try {
                String found = Digest.blake3("0".repeat(64)).mismatch(Files.write(file, content));
                return String.valueOf(found).replaceAll(".*found ", "");
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonObject success() {
        JsonObject status = new JsonObject();
        status.addProperty("statusCode", "SUCCESS");
        JsonObject pages = new JsonObject();
        pages.addProperty("totalPages", (files.size() + page - 1) / page);
        pages.addProperty("totalResults", files.size());
        JsonObject answer = new JsonObject();
        answer.add("requestStatus", status);
        answer.add("paginationInfo", pages);
        return answer;
    }

    static void refuse(HttpExchange exchange, int status, String code, String words) throws IOException {
        answer(
                exchange,
                status,
                ("{\"requestStatus\":{\"statusCode\":\"" + code + "\",\"statusDescription\":\"" + words
                                + "\",\"requestId\":\"r\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
