package dev.tailor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.tailor.engine.torch.TorchEngine;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Loading the natives leaves the host's settings alone. */
class NativeLoadingTest {

    private static Map<Object, Object> properties() {
        return new TreeMap<>(System.getProperties());
    }

    @Test
    void settings_last_only_as_long_as_the_action() {
        Map<Object, Object> before = properties();
        String seen = NativeLoading.quietly(() -> System.getProperty("OPT_OUT_TRACKING") + " "
                + System.getProperty("ai.djl.offline") + " " + System.getProperty("RUST_FLAVOR"));
        assertThat(seen).isEqualTo("true true cpu");
        assertThat(properties()).isEqualTo(before);
        assertThatThrownBy(() -> NativeLoading.quietly(() -> {
                    throw new IllegalArgumentException("no natives");
                }))
                .hasMessage("no natives");
        assertThat(properties()).isEqualTo(before);
    }

    @Test
    void what_the_host_has_set_is_respected() {
        Properties saved = (Properties) System.getProperties().clone();
        System.setProperty("ai.djl.offline", "false");
        try {
            String seen = NativeLoading.quietly(
                    () -> System.getProperty("ai.djl.offline") + " " + System.getProperty("OPT_OUT_TRACKING"));
            assertThat(seen).isEqualTo("false true");
            assertThat(System.getProperty("ai.djl.offline")).isEqualTo("false");
            assertThat(System.getProperty("OPT_OUT_TRACKING")).isNull();
        } finally {
            System.setProperties(saved);
        }
    }

    @Test
    void the_engine_starts_without_changing_a_setting() {
        // The natives may have been loaded by another test of this process; then this shows only that asking is
        // harmless.
        Map<Object, Object> before = properties();
        new TorchEngine().require(Device.cpu());
        Map<Object, Object> after = properties();
        // The JDK and JNA note things of their own; what counts are the keys that DJL reads.
        Predicate<Object> foreign = k -> !k.toString().matches("(?i)ai\\.djl.*|djl_.*|opt_out.*|rust_.*|pytorch_.*");
        before.keySet().removeIf(foreign);
        after.keySet().removeIf(foreign);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void without_natives_every_attempt_says_what_is_missing() throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).getFileName().toString().matches("pytorch-(native|jni).*"))
                .collect(Collectors.joining(File.pathSeparator));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        // A cache of its own: natives that another process has unpacked must not be found there.
        Path cache = Path.of("target", "no-natives").toAbsolutePath();
        Process process = new ProcessBuilder(
                        java.toString(), "-DDJL_CACHE_DIR=" + cache, "-cp", classPath, WithoutNatives.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said.lines().filter(line -> line.startsWith("refused: The PyTorch engine cannot start")))
                .as(said)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("pytorch-native-cpu:2.7.1"));
    }

    /** Asks twice in a process without natives. */
    static final class WithoutNatives {
        private WithoutNatives() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    new TorchEngine().require(Device.cpu());
                } catch (EngineUnavailableException e) {
                    System.out.println("refused: " + e.getMessage().replace('\n', ' '));
                }
            }
        }
    }
}
