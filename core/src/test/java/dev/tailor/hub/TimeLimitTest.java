package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.Pretrained;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit on a whole download, from the front door on, over servers that are too slow. */
class TimeLimitTest {
    private static final int SIZE = 300_000;
    private static final int BEGINNING = 100_000;

    @TempDir
    Path cache;

    private final RangeServer server = new RangeServer(SIZE);
    private final CountDownLatch over = new CountDownLatch(1);

    @AfterEach
    void close() {
        over.countDown();
        server.close();
    }

    @Test
    void ends_a_body_that_does_not_come_to_an_end_and_goes_on_from_there_later() throws Exception {
        server.spoil(exchange -> {
            exchange.sendResponseHeaders(200, SIZE);
            server.write(exchange.getResponseBody(), 0, BEGINNING);
            return waits();
        });
        assertExceeded("0.4 s");
        assertThat(cache.resolve("file.bin")).doesNotExist();
        assertThat(Files.size(cache.resolve("partial"))).isBetween(1L, (long) BEGINNING);

        Snapshot snapshot = model().timeLimit(Duration.ofMinutes(5)).download();
        assertThat(snapshot.require("file.bin")).hasBinaryContent(server.content());
        assertThat(server.asked())
                .singleElement()
                .satisfies(asked -> assertThat(asked.from()).isPositive());
    }

    @Test
    void ends_the_wait_for_an_answer() {
        server.spoil(exchange -> waits());
        assertExceeded("0.4 s");
    }

    @Test
    void does_not_begin_a_wait_that_would_last_longer() {
        server.spoilAll(RangeServer.status(503, "Retry-After", "60"));
        assertExceeded("503");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S"})
    void must_be_longer_than_nothing(String limit) {
        assertThatThrownBy(() -> model().timeLimit(Duration.parse(limit)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found " + Duration.parse(limit));
    }

    private void assertExceeded(String text) {
        assertThatThrownBy(() -> model().timeLimit(Duration.ofMillis(400)).download())
                .isInstanceOfSatisfying(UnavailableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(UnavailableException.Reason.TIME_LIMIT);
                    assertThat(e.isRetriable()).isTrue();
                })
                .hasMessageContaining("not done within the time limit of 0.4 s")
                .hasMessageContaining(text);
    }

    private boolean waits() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private Pretrained model() {
        return Pretrained.from("loopback://127.0.0.1:" + server.uri().getPort() + "/file.bin")
                .cache(cache);
    }
}
