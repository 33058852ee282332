package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailor.ModelId;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.RetryPolicy;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every connector beside another JVM, and in one whose network is banned. */
@Timeout(120)
class ProcessesTest {
    private static final String SHA256 = FakeHuggingFace.sha256(Connector.content());

    @TempDir
    Path temporary;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void close() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void two_threads_and_another_process_see_the_same_file_whole() throws Exception {
        try (Other other = start(List.of())) {
            for (Connector connector : Connector.values()) {
                try (TwoHosts server = connector.serve()) {
                    meet(connector, server, other);
                }
            }
        }
    }

    /** The second thread and the other process come while the first thread waits for its bytes. */
    private void meet(Connector connector, TwoHosts server, Other other) throws Exception {
        Path folder = temporary.resolve(connector.name());
        String order = "online " + connector + " " + folder + " " + server.hub() + " " + server.storage();
        FutureTask<String> second = new FutureTask<>(() -> fetch(connector, server, folder));
        CountDownLatch come = new CountDownLatch(1);
        server.spoilAll(connector.bytes(), exchange -> {
            if (!ConformanceTest.isProbe(exchange) && come.getCount() > 0) {
                come.countDown();
                int before = server.seen().size();
                other.order(order);
                new Thread(second).start();
                await(server, before + 2);
            }
            return false;
        });
        assertThat(fetch(connector, server, folder))
                .as("%s, first thread", connector)
                .isEqualTo(SHA256);
        assertThat(second.get(30, TimeUnit.SECONDS))
                .as("%s, second thread", connector)
                .isEqualTo(SHA256);
        assertThat(other.answer()).as("%s, other process", connector).isEqualTo(SHA256);
        assertThat(ConformanceTest.leftovers(folder)).as("%s", connector).isEmpty();

        server.forget();
        assertThat(fetch(connector, server, folder))
                .as("%s, afterwards", connector)
                .isEqualTo(SHA256);
        assertThat(server.seen().stream()
                        .map(seen -> seen.method() + " " + seen.host() + " " + seen.path())
                        .filter(line -> line.contains(connector.bytes())))
                .as("%s, afterwards", connector)
                .isEmpty();
    }

    /** Until so many requests have come. */
    private static void await(TwoHosts server, int requests) {
        long begin = System.nanoTime();
        while (server.seen().size() < requests && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(5)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void offline_opens_no_socket_and_names_what_is_missing() throws Exception {
        try (Other banned = start(List.of("-Djava.nio.channels.spi.SelectorProvider=" + NoSockets.class.getName()))) {
            for (Connector connector : Connector.values()) {
                Path full = temporary.resolve(connector + "-full");
                Path empty = temporary.resolve(connector + "-empty");
                try (TwoHosts server = connector.serve()) {
                    fetch(connector, server, full);
                    String rest = " " + server.hub() + " " + server.storage();
                    banned.order("offline " + connector + " " + full + rest);
                    assertThat(banned.answer()).as("%s", connector).isEqualTo(SHA256);
                    banned.order("offline " + connector + " " + empty + rest);
                    assertThat(banned.answer())
                            .as("%s", connector)
                            .contains("offline, and ")
                            .contains(empty.toString())
                            .contains("Fetch it once while online");
                    assertThat(empty).doesNotExist();
                    banned.order("online " + connector + " " + empty + rest);
                    assertThat(banned.answer())
                            .as("the ban holds for %s", connector)
                            .contains("a socket was opened");
                }
            }
        }
    }

    private static String fetch(Connector connector, TwoHosts server, Path folder) throws IOException {
        var hub = connector.connect(
                connector.variables(folder, server.hub()),
                RetryPolicy.standard().withSleeper(time -> Thread.sleep(20)),
                server.hub(),
                server.storage());
        Path file = hub.fetch(ModelId.parse(connector.id()), FetchRequest.defaults())
                .require(connector.large());
        return StoredFiles.sha256(file);
    }

    private Other start(List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ConnectorMain.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return new Other(process.outputWriter(), process.inputReader());
    }

    /** The other JVM, which does as it is told line by line. */
    private record Other(BufferedWriter in, BufferedReader out) implements AutoCloseable {
        void order(String line) {
            try {
                in.write(line + "\n");
                in.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String answer() throws IOException {
            return String.valueOf(out.readLine());
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
