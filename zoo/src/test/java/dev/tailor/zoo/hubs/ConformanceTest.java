package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tailor.ModelId;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every connector does alike. Refusals (401, 403, 404, 429, 5xx), cut bodies, digests of the other hubs, credentials and hostile
 * names differ from hub to hub and are in the connectors' own tests; other processes are in {@link ProcessesTest}.
 */
@Timeout(60)
class ConformanceTest {
    @TempDir
    Path temporary;

    private final CountDownLatch over = new CountDownLatch(1);
    private TwoHosts server;
    private Connector connector;

    @AfterEach
    void close() {
        over.countDown();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void writes_nothing_where_all_is_there(Connector connector) throws IOException {
        start(connector);
        Snapshot snapshot = fetch();
        Map<String, Object> before = state();
        before.keySet().forEach(name -> temporary.resolve(name).toFile().setWritable(false));
        try {
            assertThat(fetch().files()).isEqualTo(snapshot.files());
            assertThat(fetch(FetchRequest.defaults().withOffline(true)).verify())
                    .isEmpty();
            assertThat(state()).isEqualTo(before);
        } finally {
            before.keySet().forEach(name -> temporary.resolve(name).toFile().setWritable(true));
        }
    }

    @ParameterizedTest
    @EnumSource
    void tells_what_it_fetched(Connector connector) {
        start(connector);
        Snapshot snapshot = fetch();
        ModelId id = ModelId.parse(connector.id());
        boolean keras = connector == Connector.KERAS;
        assertThat(snapshot.id())
                .isEqualTo(keras ? connector.id().replace("keras://kaggle/", "kaggle://") : id.toString());
        assertThat(snapshot.hub()).isEqualTo(keras ? "kaggle" : id.scheme());
        assertThat(snapshot.revision()).isNotEmpty();
        assertThat(snapshot.require(connector.large())).hasBinaryContent(Connector.content());
        // The archive of TensorFlow Hub has a digest, its files have none.
        assertThat(snapshot.digests().containsKey(connector.large())).isEqualTo(connector != Connector.TFHUB);
        assertThat(snapshot.verify()).isEmpty();
        assertThat(snapshot.license().orElse(""))
                .isEqualTo(
                        switch (connector) {
                            case KAGGLE, KERAS -> "Apache 2.0";
                            case GITHUB, GITHUB_FILES -> "MIT";
                            default -> "";
                        });
    }

    @ParameterizedTest
    @EnumSource
    void reads_a_cache_without_links(Connector connector) throws IOException {
        start(connector);
        Snapshot snapshot = fetch();
        List<Path> links;
        try (var walk = Files.walk(temporary)) {
            links = walk.filter(Files::isSymbolicLink).toList();
        }
        for (Path link : links) {
            byte[] content = Files.readAllBytes(link);
            Files.delete(link);
            Files.write(link, content);
        }
        server.forget();
        Snapshot again = fetch(FetchRequest.defaults().withOffline(true));
        assertThat(again.files()).isEqualTo(snapshot.files());
        assertThat(again.require(connector.large())).hasBinaryContent(Connector.content());
        assertThat(again.verify()).isEmpty();
        assertThat(server.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void takes_a_body_without_a_length(Connector connector) {
        start(connector);
        server.spoilAll(connector.bytes(), exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(connector.body());
            return true;
        });
        assertThat(fetch().require(connector.large())).hasBinaryContent(Connector.content());
    }

    @ParameterizedTest
    @EnumSource
    void refuses_a_file_that_is_sent_compressed(Connector connector) {
        start(connector);
        server.spoilAll(connector.bytes(), exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (var gzip = new GZIPOutputStream(exchange.getResponseBody())) {
                gzip.write(connector.body());
            }
            return true;
        });
        refuses("compressed");
    }

    @ParameterizedTest
    @EnumSource
    void ends_a_loop_of_redirects(Connector connector) {
        start(connector);
        server.spoilAll(connector.bytes(), exchange -> {
            exchange.getResponseHeaders()
                    .set("Location", exchange.getRequestURI().toString());
            TwoHosts.answer(exchange, 302, new byte[0]);
            return true;
        });
        refuses("redirects");
    }

    /** The other connectors have a test of their own. */
    @ParameterizedTest
    @EnumSource(names = {"GITHUB", "GITHUB_FILES", "NGC", "KERAS"})
    void publishes_nothing_with_another_digest(Connector connector) {
        start(connector);
        byte[] other = connector.body();
        other[1000]++;
        server.spoilAll(connector.bytes(), exchange -> {
            exchange.getResponseHeaders().set("x-goog-hash", "md5=" + FakeKaggle.md5(connector.body()));
            TwoHosts.file(exchange, other);
            return true;
        });
        refuses("expected");
    }

    @ParameterizedTest
    @EnumSource
    void keeps_to_the_time_limit_while_a_body_drips_and_goes_on_from_there(Connector connector) throws IOException {
        start(connector);
        byte[] body = connector.body();
        server.spoilAll(connector.bytes(), exchange -> !isProbe(exchange) && drip(exchange, body));
        assertThatThrownBy(() -> fetch(FetchRequest.defaults().withTimeLimit(Duration.ofMillis(300))))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.isRetriable()).isTrue())
                .hasMessageContaining("time limit");
        assertThat(large()).isEmpty();
        assertThatThrownBy(() -> fetch(FetchRequest.defaults().withOffline(true)))
                .as("a part is not taken for the whole")
                .isInstanceOf(HubException.class)
                .hasMessageContaining("offline");
        over.countDown();
        server.mend();
        server.forget();
        assertThat(fetch().require(connector.large())).hasBinaryContent(Connector.content());
        assertThat(leftovers()).isEmpty();
    }

    private boolean drip(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body, 0, 100_000);
        exchange.getResponseBody().flush();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    static boolean isProbe(HttpExchange exchange) {
        return "bytes=0-0".equals(exchange.getRequestHeaders().getFirst("Range"));
    }

    private void refuses(String why) {
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
        assertThat(large()).isEmpty();
    }

    private void start(Connector chosen) {
        connector = chosen;
        server = chosen.serve();
    }

    private Snapshot fetch() {
        return fetch(FetchRequest.defaults());
    }

    private Snapshot fetch(FetchRequest request) {
        return connector
                .connect(
                        connector.variables(temporary, server.hub()),
                        RetryPolicy.standard().withSleeper(time -> {}),
                        server.hub(),
                        server.storage())
                .fetch(ModelId.parse(connector.id()), request);
    }

    /** Where the large file can be seen by its name. */
    private List<Path> large() {
        String name = connector.large().substring(connector.large().lastIndexOf('/') + 1);
        try (var walk = Files.walk(temporary)) {
            return walk.filter(file -> file.endsWith(name)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> leftovers() throws IOException {
        return leftovers(temporary);
    }

    /** What a fetch that is over should have removed. */
    static List<Path> leftovers(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            return walk.filter(file ->
                            file.getFileName().toString().matches(".*\\.(incomplete|tmp|zip|archive|members|old)"))
                    .toList();
        }
    }

    /** All files and folders, with size, time of the last change, and target for a link. */
    private Map<String, Object> state() throws IOException {
        Map<String, Object> state = new TreeMap<>();
        try (var walk = Files.walk(temporary)) {
            for (Path path : walk.toList()) {
                state.put(
                        temporary.relativize(path).toString(),
                        Files.isSymbolicLink(path)
                                ? Files.readSymbolicLink(path)
                                : Files.readAttributes(path, "size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS));
            }
        }
        return state;
    }
}
