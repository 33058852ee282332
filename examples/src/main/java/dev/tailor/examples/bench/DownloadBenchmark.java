package dev.tailor.examples.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Download;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.Downloader;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.RetryPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What verification costs: a file over loopback through Tailor's downloader, which checks its SHA-256, against the JDK's HTTP client
 * that writes one stream to a file and checks nothing. Both bring the file to the disk before the clock stops.
 */
public final class DownloadBenchmark {
    private static final int BLOCK = 1 << 20;
    private static final int ROUNDS = 3;

    private final PrintStream print;
    private final long size;
    private final byte[] block = new byte[BLOCK];

    private DownloadBenchmark(PrintStream print, long size) {
        this.print = print;
        this.size = size;
        new Random(1).nextBytes(block);
    }

    /** Runs with so many bytes, 1 GiB unless told. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        run(System.out, arguments.length > 0 ? Long.parseLong(arguments[0]) : 1L << 30);
    }

    /** The time of a verified download divided by that of a plain copy, the best of some rounds each. */
    static double run(PrintStream print, long size) throws IOException, InterruptedException {
        return new DownloadBenchmark(print, size).run();
    }

    private double run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("tailor-bench");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/file.bin");
            Digest digest = digest();
            double plain = Double.MAX_VALUE;
            double verified = Double.MAX_VALUE;
            for (int i = 0; i <= ROUNDS; i++) {
                double copied = plain(uri, folder.resolve("plain"));
                double downloaded = verified(uri, digest, folder.resolve("verified"));
                if (i > 0) {
                    // The first round warms up.
                    plain = Math.min(plain, copied);
                    verified = Math.min(verified, downloaded);
                }
            }
            print.printf(Locale.ROOT, "%d bytes over loopback, best of %d%n", size, ROUNDS);
            print.printf(Locale.ROOT, "plain copy, nothing checked  %6.2f s  %6.0f MB/s%n", plain, size / plain / 1e6);
            print.printf(
                    Locale.ROOT, "downloaded and verified      %6.2f s  %6.0f MB/s%n", verified, size / verified / 1e6);
            print.printf(Locale.ROOT, "ratio %.2f%n", verified / plain);
            return verified / plain;
        } finally {
            server.stop(0);
            threads.shutdownNow();
            Files.deleteIfExists(folder.resolve("lock"));
            Files.delete(folder);
        }
    }

    private static double plain(URI uri, Path file) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofFile(file));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Files.delete(file);
        return seconds;
    }

    private double verified(URI uri, Digest digest, Path file) throws IOException {
        HubRequest request = HubRequest.get("benchmark", uri, null);
        long begin = System.nanoTime();
        new Downloader(new HubClient(RetryPolicy.standard(), HubClient.Timeouts.standard()))
                .download(
                        new Download(
                                "file.bin",
                                request,
                                request,
                                size,
                                digest,
                                file,
                                file.resolveSibling("partial"),
                                file.resolveSibling("lock"),
                                response -> HubException.of("benchmark", response.toString())),
                        DownloadListener.none());
        double seconds = (System.nanoTime() - begin) / 1e9;
        Files.delete(file);
        return seconds;
    }

    private Digest digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (long at = 0; at < size; at += BLOCK) {
                digest.update(block, 0, (int) Math.min(BLOCK, size - at));
            }
            return Digest.sha256(HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** Sends the block over and over, whole or a range of it. */
    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            long from = 0;
            long to = size;
            String range = exchange.getRequestHeaders().getFirst("Range");
            if (range != null) {
                int dash = range.indexOf('-');
                from = Long.parseLong(range.substring("bytes=".length(), dash));
                to = dash == range.length() - 1 ? size : Long.parseLong(range.substring(dash + 1)) + 1;
                exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + size);
            }
            exchange.sendResponseHeaders(range == null ? 200 : 206, to - from);
            OutputStream out = exchange.getResponseBody();
            for (long at = from; at < to; ) {
                int offset = (int) (at % BLOCK);
                int count = (int) Math.min(BLOCK - offset, to - at);
                out.write(block, offset, count);
                at += count;
            }
        }
    }
}
