package dev.tailor.zoo.hubs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A hub and its storage on loopback under two host names, 127.0.0.1 and localhost, as real hubs redirect to another host. Records
 * every request, and lets a test spoil the next answers to a path.
 */
class TwoHosts implements AutoCloseable {
    /** One request as it arrived. */
    record Seen(
            String host,
            String method,
            String path,
            @Nullable String authorization,
            @Nullable String range) {}

    /** Answers in place of the server; returns false to let the server answer after all. */
    interface Fault {
        boolean answer(HttpExchange exchange) throws IOException;
    }

    interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<String, Fault> lasting = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub;
    private final HttpServer storage;

    TwoHosts() {
        hub = start("127.0.0.1");
        storage = start("localhost");
    }

    void onHub(Handler handler) {
        hub.createContext("/", exchange -> serve("hub", exchange, handler));
        hub.start();
    }

    void onStorage(Handler handler) {
        storage.createContext("/", exchange -> serve("storage", exchange, handler));
        storage.start();
    }

    URI hub() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    URI storage() {
        return URI.create("http://localhost:" + storage.getAddress().getPort());
    }

    /** Spoils the next answer to a request whose {@code METHOD host path} contains the text. */
    void spoil(String text, Fault fault) {
        faults.computeIfAbsent(text, key -> new ConcurrentLinkedDeque<>()).add(fault);
    }

    /** Spoils all answers to such requests, behind those that are spoiled once. */
    void spoilAll(String text, Fault fault) {
        lasting.put(text, fault);
    }

    void mend() {
        faults.clear();
        lasting.clear();
    }

    List<Seen> seen() {
        return seen;
    }

    List<Seen> seen(String host) {
        return seen.stream().filter(request -> request.host().equals(host)).toList();
    }

    void forget() {
        seen.clear();
    }

    private HttpServer start(String host) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(host, 0), 50);
            server.setExecutor(threads);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(String host, HttpExchange exchange, Handler handler) throws IOException {
        String path = exchange.getRequestURI().toString();
        seen.add(new Seen(
                host,
                exchange.getRequestMethod(),
                path,
                exchange.getRequestHeaders().getFirst("Authorization"),
                exchange.getRequestHeaders().getFirst("Range")));
        try (exchange) {
            if (!fault(exchange, host)) {
                handler.handle(exchange);
            }
        }
    }

    private boolean fault(HttpExchange exchange, String host) throws IOException {
        String line = exchange.getRequestMethod() + " " + host + " " + exchange.getRequestURI();
        for (var entry : faults.entrySet()) {
            if (line.contains(entry.getKey())) {
                Fault fault = entry.getValue().poll();
                return fault != null && fault.answer(exchange);
            }
        }
        for (var entry : lasting.entrySet()) {
            if (line.contains(entry.getKey())) {
                return entry.getValue().answer(exchange);
            }
        }
        return false;
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Sends a file, or the range of it that was asked for. */
    static void file(HttpExchange exchange, byte[] content) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        if (range == null) {
            answer(exchange, 200, content);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-.*", "$1"));
        int to = range.endsWith("-")
                ? content.length
                : Math.min(content.length, Integer.parseInt(range.replaceAll(".*-", "")) + 1);
        if (from >= content.length) {
            exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
            answer(exchange, 416, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
        answer(exchange, 206, Arrays.copyOfRange(content, from, to));
    }

    /** Announces the whole content and breaks off after some bytes. */
    static Fault cut(byte[] content, int after) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, after);
            exchange.getResponseBody().flush();
            return true;
        };
    }

    /** Answers with a status and headers, given as name and value in turn, and a body. */
    static Fault status(int status, String body, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            answer(exchange, status, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return true;
        };
    }

    @Override
    public void close() {
        hub.stop(0);
        storage.stop(0);
        threads.shutdownNow();
    }

    static List<String> paths(List<Seen> requests) {
        List<String> paths = new ArrayList<>();
        requests.forEach(request -> paths.add(request.method() + " " + request.path()));
        return paths;
    }
}
