package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills other JVMs in the middle of a download. By default 20 kills of 20 MB; {@code -Dtailor.test.kills=50
 * -Dtailor.test.kill.bytes=200000000} is the large run.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KillTest {
    static final Ranges RANGES = new Ranges(1, 2 << 20, 4);

    private static final int KILLS = Integer.getInteger("tailor.test.kills", 20);
    private static final long SIZE = Long.getLong("tailor.test.kill.bytes", 20_000_000L);

    private static final int STEP = 1 << 16;
    private static final long NOTED = 1 << 18;
    private static final long IN_SOCKETS = 8 << 20;

    @TempDir
    Path folder;

    @TempDir
    Path logs;

    private final RangeServer server = new RangeServer(SIZE);
    private final Digest digest = server.sha256();
    private final Random random = new Random(42);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void survives_being_killed_at_random_points() throws Exception {
        int kills = 0;
        while (kills < KILLS) {
            boolean[] before = present();
            server.asked().clear();
            Process child = start();
            long limit = server.sent() + 1 + (long) (random.nextDouble() * 1.2 * SIZE / KILLS);
            server.onSent(bytes -> {
                if (bytes >= limit) {
                    // Not one byte more until it is dead.
                    child.destroyForcibly().onExit().join();
                }
            });
            child.waitFor();
            assertThat(child.exitValue()).as("killed").isNotZero();
            kills++;
            checkAsked(before);
            assertVisibleFileIsRight();
        }
        boolean[] before = present();
        server.asked().clear();
        server.onSent(bytes -> {});
        assertThat(end(start())).isIn("downloaded", "found");
        checkAsked(before);

        assertThat(digest.mismatch(folder.resolve("file.bin"))).isNull();
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("file.bin", "lock");
        }
        // The last note of each connection, and what the sockets between the two processes hold.
        assertThat(server.sent()).isLessThanOrEqualTo(SIZE + kills * RANGES.connections() * (NOTED + IN_SOCKETS));
    }

    @Test
    void two_processes_download_once() throws Exception {
        Process first = start();
        Process second = start();
        assertThat(List.of(end(first), end(second))).containsExactlyInAnyOrder("downloaded", "found");
        assertThat(server.sent()).isEqualTo(SIZE);
        assertVisibleFileIsRight();
    }

    private void assertVisibleFileIsRight() throws IOException {
        Path file = folder.resolve("file.bin");
        if (Files.exists(file)) {
            assertThat(digest.mismatch(file)).isNull();
        }
    }

    /** Nothing that was noted as there before may be asked for again. */
    private void checkAsked(boolean[] before) {
        for (RangeServer.Asked range : new ArrayList<>(server.asked())) {
            for (long at = range.from(); at < range.to(); at += STEP) {
                assertThat(before[(int) (at / STEP)])
                        .as("byte %d of %s was there already", at, range)
                        .isFalse();
            }
        }
    }

    /** Which pieces of 64 KiB the partial notes as there, wholly. */
    private boolean[] present() throws IOException {
        boolean[] present = new boolean[(int) (SIZE / STEP) + 1];
        Path partial = folder.resolve("part");
        if (!Files.exists(partial)) {
            return present;
        }
        // Opening writes the same note again.
        try (ChunkLog log = ChunkLog.open(partial, SIZE, RANGES.chunkOf(SIZE));
                FileChannel bytes = FileChannel.open(partial)) {
            for (int i = 0; i < log.count(); i++) {
                long start = i == 0 ? 0 : log.end(i - 1);
                for (long at = start; at + STEP <= log.position(i); at += STEP) {
                    present[(int) (at / STEP)] = true;
                }
                checkNoted(bytes, start, log.position(i));
            }
        }
        return present;
    }

    /** What is noted as there is right: the last bytes, which were the newest when the process died. */
    private static void checkNoted(FileChannel bytes, long start, long end) throws IOException {
        long from = Math.max(start, end - 1000);
        byte[] expected = new byte[(int) (end - from)];
        RangeServer.fill(expected, from);
        var found = java.nio.ByteBuffer.allocate(expected.length);
        while (found.hasRemaining() && bytes.read(found, from + found.position()) >= 0) {}
        assertThat(found.array()).isEqualTo(expected);
    }

    private Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        classes,
                        DownloadMain.class.getName(),
                        server.uri().toString(),
                        String.valueOf(SIZE),
                        digest.toString().replace("SHA-256 ", ""),
                        folder.toString())
                .redirectError(logs.resolve("stderr.txt").toFile())
                .start();
    }

    private static String end(Process process) throws Exception {
        String said = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
