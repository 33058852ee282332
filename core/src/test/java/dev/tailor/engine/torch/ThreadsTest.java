package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.Precision;
import dev.tailor.engine.Network;
import dev.tailor.program.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How many threads a call takes. */
@Timeout(120)
class ThreadsTest {
    @TempDir
    private Path folder;

    /** Prints the threads of the thread that starts the engine and of one that comes later. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            TorchRuntime.engine();
            System.out.print("threads " + JniUtils.getNumThreads());
            Thread later = new Thread(() -> System.out.print(" and " + JniUtils.getNumThreads()));
            later.start();
            later.join();
        }
    }

    private static String child(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove("OMP_NUM_THREADS");
        builder.environment().remove("MKL_NUM_THREADS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.substring(Math.max(0, output.lastIndexOf("threads ")));
    }

    @Test
    void a_limit_on_processors_limits_the_threads_of_every_thread() throws IOException, InterruptedException {
        assertThat(child("-XX:ActiveProcessorCount=1")).isEqualTo("threads 1 and 1");
    }

    @Test
    void what_the_application_chose_stays() throws IOException, InterruptedException {
        assertThat(child("-XX:ActiveProcessorCount=1", "-Dai.djl.pytorch.num_threads=3"))
                .isEqualTo("threads 3 and 3");
    }

    @Test
    void a_networks_own_threads_are_gone_after_its_call() {
        TorchRuntime.engine();
        int before = JniUtils.getNumThreads();
        try (Network network = new TorchEngine()
                        .inference(
                                Nets.onWaves(
                                        folder,
                                        s -> Map.of("logits", s.linear("fc", s.input("x", Kind.FLOAT, "batch", 4), 3))),
                                Nets.settings(Precision.FLOAT32, before + 1));
                NDManager manager = network.newManager()) {
            assertThat(network.forward(Map.of("x", Nets.floats(manager, 0, 2, 4))))
                    .containsOnlyKeys("logits");
            assertThat(JniUtils.getNumThreads()).isEqualTo(before);
        }
    }
}
