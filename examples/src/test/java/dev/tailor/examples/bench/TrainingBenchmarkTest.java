package dev.tailor.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Both sides train the same; how fast is not a test's matter. */
class TrainingBenchmarkTest {
    @Test
    void both_sides_take_the_same_steps() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int exit = new CommandLine(new TrainingBenchmark(print))
                .execute(
                        "--sizes=2x5,3x4",
                        "--rounds=3",
                        "--threads=1",
                        "--layers=2",
                        "--width=32",
                        "--heads=4",
                        "--inner=64",
                        "--vocabulary=50");
        assertThat(exit).isZero();
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().toList())
                .anyMatch(line -> line.matches("2x5 .*\\d+\\.\\d\\d \\(\\d.* - .*\\)"))
                .anyMatch(line -> line.startsWith("3x4 "));
    }
}
