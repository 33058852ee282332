package dev.tailor.transfer;

import static dev.tailor.transfer.testing.Samples.sentences;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailor.checkpoint.Checkpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed without warning loses at most a step. */
class KillTest {
    private static final int SIGKILL = 128 + 9;

    @TempDir
    Path temporary;

    @Test
    @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_process_killed_again_and_again_ends_with_the_weights_of_an_unbroken_run() throws Exception {
        Path whole = temporary.resolve("whole");
        try (var tuned = KilledTraining.tuning().fit(sentences())) {
            tuned.save(whole);
        }
        Random random = new Random(9);
        int first = random.nextInt(3, 8);
        int second = first + random.nextInt(4, 9);
        assertThat(run(first)).isEqualTo(SIGKILL);
        assertThat(run(second)).isEqualTo(SIGKILL);
        assertThat(run(Integer.MAX_VALUE)).isZero();
        Checkpoint expected = Checkpoint.open(whole);
        Checkpoint found = Checkpoint.open(temporary.resolve("out"));
        assertThat(found.names()).isEqualTo(expected.names());
        assertThat(expected.names()).allSatisfy(n -> assertThat(found.floats(n)).isEqualTo(expected.floats(n)));
    }

    /** Runs until the step has been told, and kills. */
    private int run(int lastStep) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledTraining.class.getName(),
                        temporary.resolve("state").toString(),
                        temporary.resolve("out").toString()))
                .redirectError(temporary.resolve("errors.txt").toFile())
                .start();
        try (BufferedReader lines = process.inputReader()) {
            String line = lines.readLine();
            while (line != null && !(line.startsWith("step ") && Integer.parseInt(line.substring(5)) >= lastStep)) {
                line = lines.readLine();
            }
            if (line != null) {
                process.destroyForcibly();
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
