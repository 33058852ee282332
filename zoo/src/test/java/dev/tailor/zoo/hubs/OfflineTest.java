package dev.tailor.zoo.hubs;

import static dev.tailor.zoo.hubs.FakeHuggingFace.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Offline no socket is opened: in another JVM whose network refuses to open any. */
@Timeout(60)
class OfflineTest {
    @TempDir
    Path home;

    @Test
    void opens_no_socket() throws Exception {
        Path repository = home.resolve("hub/models--org--name");
        Files.createDirectories(repository.resolve("snapshots/" + COMMIT));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), COMMIT);
        Files.writeString(repository.resolve("snapshots/" + COMMIT + "/config.json"), "{}");

        assertThat(fetch("offline", "hf://org/name")).endsWith("[config.json]");
        assertThat(fetch("offline", "hf://org/other"))
                .contains("offline")
                .contains("models--org--other")
                .contains("has no snapshot of revision \"main\"");
        assertThat(fetch("online", "hf://org/other")).as("the ban holds").contains("a socket was opened");
    }

    private String fetch(String mode, String id) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.nio.channels.spi.SelectorProvider=" + NoSockets.class.getName(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OfflineMain.class.getName(),
                        mode,
                        id)
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("HF_") || name.endsWith("_OFFLINE"));
        builder.environment().put("HF_HOME", home.toString());
        builder.environment().put("HF_ENDPOINT", "http://127.0.0.1:9");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
