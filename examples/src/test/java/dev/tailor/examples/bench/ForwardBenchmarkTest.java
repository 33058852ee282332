package dev.tailor.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ForwardBenchmarkTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new CommandLine(new ForwardBenchmark(print))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }

    @Test
    void both_sides_agree_and_every_size_gets_a_row() {
        int exit = run(
                "--sizes=1x3,3x8",
                "--rounds=2",
                "--layers=2",
                "--width=24",
                "--heads=3",
                "--inner=40",
                "--vocabulary=50");
        assertThat(errors.toString()).isEmpty();
        assertThat(exit).isZero();
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).contains("cores, Java " + System.getProperty("java.version"), "threads a call");
        assertThat(lines.get(1)).contains("2 layers, 24 wide, 3 heads");
        for (String row : lines.subList(4, 6)) {
            assertThat(row)
                    .matches(
                            "\\dx\\d +[\\d.]+ \\([\\d.]+ - [\\d.]+\\) +[\\d.]+ \\([\\d.]+ - [\\d.]+\\) +[\\d.]+ +\\S+");
            assertThat(Double.parseDouble(row.substring(row.lastIndexOf(' ') + 1)))
                    .isBetween(0.0, 1e-5);
        }
    }

    @Test
    void a_size_that_is_none_is_refused() {
        assertThat(run("--sizes=16by128")).isNotZero();
        assertThat(errors.toString()).contains("16x128", "16by128");
    }

    @Test
    void a_sample_is_summed_up_by_its_median_and_extremes() {
        assertThat(Sample.of(4, 1, 2, 9)).isEqualTo(new Sample(3, 1, 9));
        assertThat(Sample.of(5, 1, 2).median()).isCloseTo(2, within(0.0));
        assertThat(new Sample(3, 1, 9)).hasToString("    3.00 (1.00 - 9.00)");
    }
}
