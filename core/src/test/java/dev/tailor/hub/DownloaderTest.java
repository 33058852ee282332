package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DownloaderTest {
    private static final int SIZE = 5_000_000;
    private static final int CHUNK = 1 << 20;

    @TempDir
    Path temporary;

    final RangeServer server = new RangeServer(SIZE);
    final List<Long> progress = new ArrayList<>();
    HubClient.Timeouts timeouts = HubClient.Timeouts.standard();
    Ranges ranges = new Ranges(1, CHUNK, 4);
    Digest digest = server.sha256();
    long size = SIZE;

    @AfterEach
    void close() {
        server.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .as("helpers end with the download")
                .noneMatch(thread -> thread.getName().startsWith("tailor-download"));
    }

    @Test
    void splits_a_large_file_over_connections_with_one_progress() throws IOException {
        assertThat(download()).isTrue();

        assertThat(target()).hasBinaryContent(server.content());
        assertThat(asked())
                .containsExactly(
                        new RangeServer.Asked(0, CHUNK),
                        new RangeServer.Asked(CHUNK, 2 * CHUNK),
                        new RangeServer.Asked(2 * CHUNK, 3 * CHUNK),
                        new RangeServer.Asked(3 * CHUNK, 4 * CHUNK),
                        new RangeServer.Asked(4 * CHUNK, SIZE));
        assertThat(progress).isSorted().endsWith((long) SIZE);
        assertThat(partial()).doesNotExist();
        assertThat(download()).as("it is there").isFalse();
    }

    @Test
    void goes_on_inside_every_range() throws IOException {
        byte[] content = server.content();
        leave(content, CHUNK, 17, 0, 500_000, 10);
        download();

        assertThat(target()).hasBinaryContent(content);
        assertThat(asked())
                .containsExactly(
                        new RangeServer.Asked(CHUNK + 17, 2 * CHUNK),
                        new RangeServer.Asked(2 * CHUNK, 3 * CHUNK),
                        new RangeServer.Asked(3 * CHUNK + 500_000, 4 * CHUNK),
                        new RangeServer.Asked(4 * CHUNK + 10, SIZE));
    }

    @Test
    void splits_what_is_left_of_a_plain_beginning() throws IOException {
        Files.write(partial(), Arrays.copyOf(server.content(), CHUNK + 5));
        download();
        assertThat(target()).hasBinaryContent(server.content());
        assertThat(asked()).first().isEqualTo(new RangeServer.Asked(CHUNK + 5, 2 * CHUNK));
    }

    @Test
    void asks_for_nothing_when_only_the_renaming_was_missing() throws IOException {
        leave(server.content(), CHUNK, CHUNK, CHUNK, CHUNK, SIZE - 4 * CHUNK);
        download();
        assertThat(target()).hasBinaryContent(server.content());
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void drops_a_partial_whose_note_is_damaged_or_of_another_file() throws IOException {
        leave(server.content(), CHUNK, CHUNK, CHUNK, CHUNK, 0);
        try (FileChannel channel = FileChannel.open(partial(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), SIZE + 3);
        }
        download();
        assertThat(target()).hasBinaryContent(server.content());
        assertThat(asked()).hasSize(5);
    }

    @Test
    void never_takes_a_partial_with_gaps_for_a_beginning() throws IOException {
        leave(server.content(), CHUNK, 0, 0, 0, 100);
        ranges = Ranges.none();
        digest = Digest.none();
        download();
        assertThat(target()).hasBinaryContent(server.content());
        assertThat(server.asked()).containsExactly(new RangeServer.Asked(0, SIZE));
    }

    @Test
    void starts_over_when_what_was_left_is_damaged() throws IOException {
        leave(new byte[SIZE], CHUNK, 0, 0, 0, 0);
        download();
        assertThat(target()).hasBinaryContent(server.content());
        assertThat(server.sent()).isEqualTo(2L * SIZE - CHUNK);
    }

    @Test
    void goes_on_where_each_connection_broke_off() throws IOException {
        for (int i = 0; i < 7; i++) {
            server.spoil(server.cut(100_000));
        }
        download();
        assertThat(target()).hasBinaryContent(server.content());
        assertThat(server.sent()).as("no byte twice").isEqualTo(SIZE);
    }

    @Test
    void takes_the_whole_body_from_a_server_without_ranges() throws IOException {
        server.spoilAll(exchange -> {
            exchange.sendResponseHeaders(200, SIZE);
            server.write(exchange.getResponseBody(), 0, SIZE);
            return true;
        });
        Files.write(partial(), new byte[77]);
        download();
        assertThat(target()).hasBinaryContent(server.content());
    }

    @Test
    void discards_its_part_when_the_range_is_refused() throws IOException {
        Files.write(partial(), new byte[77]);
        server.spoil(RangeServer.status(416));
        download();
        assertThat(target()).hasBinaryContent(server.content());
    }

    @Test
    void publishes_nothing_with_a_wrong_digest() {
        digest = Digest.sha256("0".repeat(64));
        assertThatThrownBy(this::download)
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("org/name/file.bin: the downloaded bytes are not those that the hub announces")
                .hasMessageContaining("expected SHA-256 000");
        assertThat(target()).doesNotExist();
        assertThat(partial()).doesNotExist();
    }

    @Test
    void ends_all_connections_when_one_is_refused_for_good() {
        server.spoil(exchange -> false).spoil(exchange -> false).spoil(RangeServer.status(403));
        assertThatThrownBy(this::download).isInstanceOf(HubException.class).hasMessage("answered 403");
        assertThat(target()).doesNotExist();
        assertThat(partial()).exists();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refuses_a_compressed_body(boolean parallel) {
        // A server for each: a connection that is late would take the answer that is meant for the next download.
        ranges = parallel ? ranges : Ranges.none();
        server.spoil(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            return false;
        });
        assertThatThrownBy(this::download).hasMessageContaining("sends it compressed");
        assertThat(target()).doesNotExist();
    }

    @Test
    void takes_a_body_of_unknown_length() throws IOException {
        size = -1;
        server.spoil(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            server.write(exchange.getResponseBody(), 0, SIZE);
            return true;
        });
        download();
        assertThat(target()).hasBinaryContent(server.content());
    }

    @Test
    void ends_with_a_retriable_error_when_a_body_stalls() {
        timeouts = new HubClient.Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(30));
        ranges = new Ranges(1, SIZE, 2);
        CountDownLatch closing = new CountDownLatch(1);
        server.spoilAll(exchange -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-" + (SIZE - 1) + "/" + SIZE);
            exchange.sendResponseHeaders(206, SIZE);
            // Newer JDKs keep the headers back until there is something to follow them.
            exchange.getResponseBody().flush();
            await(closing);
            return true;
        });
        try {
            assertThatThrownBy(this::download)
                    .isInstanceOfSatisfying(UnavailableException.class, e -> {
                        assertThat(e.reason()).isEqualTo(UnavailableException.Reason.CUT);
                        assertThat(e.isRetriable()).isTrue();
                    })
                    .hasMessageContaining("broke off too often (the hub sent nothing for 0.03 s)");
        } finally {
            closing.countDown();
        }
    }

    @Test
    void keeps_to_the_time_limit_however_slowly_bytes_drip() {
        server.onSent(bytes -> {
            // A hub that never quite stalls: 32 KiB at a time until the limit has passed.
            if (bytes > 200_000) {
                Thread.onSpinWait();
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        });
        assertThatThrownBy(() -> new Downloader(client().within(Duration.ofMillis(300)), ranges)
                        .download(file(), DownloadListener.none()))
                .isInstanceOfSatisfying(UnavailableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(UnavailableException.Reason.TIME_LIMIT);
                    assertThat(e.isRetriable()).isTrue();
                })
                .hasMessageContaining("not done within the time limit of 0.3 s");
        assertThat(target()).doesNotExist();
    }

    @Test
    void ends_when_the_thread_is_interrupted_and_keeps_what_came() throws IOException {
        DownloadListener interrupting = new DownloadListener() {
            @Override
            public void progress(String file, long bytesSoFar, long total) {
                if (bytesSoFar > 2 * CHUNK) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        assertThatThrownBy(() -> new Downloader(client(), ranges).download(file(), interrupting))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        long before = server.sent();
        download();
        assertThat(target()).hasBinaryContent(server.content());
        assertThat(server.sent() - before).isLessThanOrEqualTo(SIZE - CHUNK);
    }

    @Test
    void ends_when_interrupted_before_an_answer_comes() {
        CountDownLatch closing = new CountDownLatch(1);
        server.spoilAll(exchange -> {
            await(closing);
            return true;
        });
        try {
            for (Ranges each : List.of(ranges, Ranges.none())) {
                ranges = each;
                Thread.currentThread().interrupt();
                assertThatThrownBy(this::download).hasMessageContaining("interrupted");
                assertThat(Thread.interrupted()).isTrue();
            }
        } finally {
            closing.countDown();
        }
    }

    @Test
    void ends_when_interrupted_or_out_of_time_while_another_holds_the_lock() throws IOException {
        HubClient patient = new HubClient(RetryPolicy.standard(), timeouts);
        try (FileChannel channel = FileChannel.open(
                        temporary.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> new Downloader(patient).download(file(), DownloadListener.none()))
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            Downloader hurried = new Downloader(patient.within(Duration.ofMillis(100)));
            assertThatThrownBy(() -> hurried.download(file(), DownloadListener.none()))
                    .hasMessageContaining("not done within the time limit of 0.1 s")
                    .hasMessageContaining("another thread or process is downloading it");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void an_exception_of_the_listener_ends_it() {
        DownloadListener failing = new DownloadListener() {
            @Override
            public void progress(String file, long bytesSoFar, long total) {
                throw new IllegalStateException("enough");
            }
        };
        assertThatThrownBy(() -> new Downloader(client(), ranges).download(file(), failing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
        assertThat(partial()).exists();
    }

    @Test
    void gives_up_on_endless_redirects() {
        server.spoilAll(RangeServer.status(302, "Location", "/again"));
        assertThatThrownBy(this::download).hasMessageContaining("more than 10 redirects");
    }

    @Test
    void tells_of_a_full_disk() throws IOException {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "this system has no /dev/full");
        Files.createSymbolicLink(partial(), full);
        ranges = Ranges.none();
        assertThatThrownBy(this::download)
                .isInstanceOf(TailorException.class)
                .hasMessageContaining(target().toString())
                .hasMessageContaining("the disk is full. Free some space, or choose a cache folder on another disk");
    }

    @Test
    void tells_of_a_file_in_the_place_of_a_folder() throws IOException {
        Files.writeString(temporary.resolve("blobs"), "a file");
        Download file = file();
        Download below = new Download(
                file.file(),
                file.first(),
                file.again(),
                size,
                digest,
                temporary.resolve("blobs/file"),
                temporary.resolve("blobs/part"),
                file.lock(),
                file.errors());
        assertThatThrownBy(() -> new Downloader(client()).download(below, DownloadListener.none()))
                .hasMessageContaining(temporary.resolve("blobs").toString())
                .hasMessageContaining("a file is where a folder must be");
    }

    private List<RangeServer.Asked> asked() {
        return server.asked().stream()
                .sorted(Comparator.comparing(RangeServer.Asked::from))
                .toList();
    }

    private boolean download() {
        return new Downloader(client(), ranges).download(file(), new DownloadListener() {
            @Override
            public void progress(String file, long bytesSoFar, long total) {
                progress.add(bytesSoFar);
            }
        });
    }

    private HubClient client() {
        return new HubClient(RetryPolicy.standard().withSleeper(time -> {}), timeouts);
    }

    private Download file() {
        HubRequest request = HubRequest.get("org/name", server.uri(), null);
        return new Download(
                "file.bin",
                request,
                request,
                size,
                digest,
                target(),
                partial(),
                temporary.resolve("lock"),
                response -> HubException.of("org/name", "answered " + response.status()));
    }

    /** What a killed process leaves that had so many bytes of each chunk. */
    private void leave(byte[] content, int... done) throws IOException {
        try (ChunkLog log = ChunkLog.open(partial(), SIZE, CHUNK)) {
            for (int i = 0; i < done.length; i++) {
                log.write(ByteBuffer.wrap(content, i * CHUNK, done[i]), (long) i * CHUNK);
                log.advance(i, (long) i * CHUNK + done[i]);
            }
        }
    }

    private Path target() {
        return temporary.resolve("file.bin");
    }

    private Path partial() {
        return temporary.resolve("part");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
