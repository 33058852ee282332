package dev.tailor.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A file of any size on loopback, sent whole or in ranges. Its bytes follow from their positions, so that none need be kept. */
final class RangeServer implements AutoCloseable {
    /** Answers in place of the server; returns false to let it answer after all. */
    interface Fault {
        boolean answer(HttpExchange exchange) throws IOException;
    }

    /** What was asked for: bytes from, up to and without. */
    record Asked(long from, long to) {}

    interface OnSent {
        void sent(long allBytes);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long size;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
    private final AtomicLong sent = new AtomicLong();
    private volatile OnSent onSent = bytes -> {};
    private volatile @Nullable Fault always;

    RangeServer(long size) {
        this.size = size;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file.bin");
    }

    /** Spoils the next answer. */
    RangeServer spoil(Fault fault) {
        faults.add(fault);
        return this;
    }

    /** Spoils every answer. */
    RangeServer spoilAll(Fault fault) {
        always = fault;
        return this;
    }

    /** Hears of all bytes that were sent by now, on a thread of the server. */
    void onSent(OnSent listener) {
        onSent = listener;
    }

    List<Asked> asked() {
        return asked;
    }

    long sent() {
        return sent.get();
    }

    Digest sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (long at = 0; at < size; at += buffer.length) {
                fill(buffer, at);
                digest.update(buffer, 0, (int) Math.min(buffer.length, size - at));
            }
            return Digest.sha256(HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] content() {
        byte[] bytes = new byte[(int) size];
        fill(bytes, 0);
        return bytes;
    }

    static void fill(byte[] buffer, long from) {
        for (int i = 0; i < buffer.length; i++) {
            long at = from + i;
            buffer[i] = (byte) (at * 31 + (at >>> 8) * 7 + (at >>> 20));
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Fault fault = always != null ? always : faults.poll();
            if (fault == null || !fault.answer(exchange)) {
                send(exchange);
            }
        }
    }

    private void send(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        long from = range == null ? 0 : Long.parseLong(range.replaceAll("bytes=([0-9]+)-.*", "$1"));
        long to = range == null || range.endsWith("-") ? size : Long.parseLong(range.replaceAll(".*-", "")) + 1;
        asked.add(new Asked(from, to));
        if (from >= size) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        if (range != null) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, to - from);
        write(exchange.getResponseBody(), from, to);
    }

    /** Sends bytes of the file. */
    void write(OutputStream out, long from, long to) throws IOException {
        byte[] buffer = new byte[1 << 15];
        for (long at = from; at < to; at += buffer.length) {
            fill(buffer, at);
            int count = (int) Math.min(buffer.length, to - at);
            out.write(buffer, 0, count);
            out.flush();
            onSent.sent(sent.addAndGet(count));
        }
    }

    static Fault status(int status, String... headers) {
        return exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, -1);
            return true;
        };
    }

    /** Answers the range that was asked for, and breaks off after some bytes. */
    Fault cut(int after) {
        return exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            long from = range == null ? 0 : Long.parseLong(range.replaceAll("bytes=([0-9]+)-.*", "$1"));
            long to = range == null || range.endsWith("-") ? size : Long.parseLong(range.replaceAll(".*-", "")) + 1;
            if (range != null) {
                exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
            }
            asked.add(new Asked(from, to));
            exchange.sendResponseHeaders(range == null ? 200 : 206, to - from);
            write(exchange.getResponseBody(), from, Math.min(to, from + after));
            return true;
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
