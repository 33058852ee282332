package dev.tailor.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OnnxBenchmarkTest {

    @Test
    void every_side_gets_a_row_and_both_libraries_agree() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringWriter errors = new StringWriter();
        int exit = new CommandLine(new OnnxBenchmark(new PrintStream(bytes, true, StandardCharsets.UTF_8)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(errors, true))
                .execute("--models=minilm", "--sizes=2x5,1", "--precision=float32", "--rounds=1", "--threads=1");
        assertThat(errors.toString()).isEmpty();
        assertThat(exit).isZero();
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(3)).matches("minilm +2x5 +ONNX Runtime +\\S+ \\(\\S+ - \\S+\\) +1\\.00 *");
        assertThat(lines.get(4)).matches("minilm +2x5 +Tailor FLOAT32 +.* +\\S+e-0[5-9], cosine 1\\.00000");
        assertThat(lines.get(5)).matches("texts, Tailor FLOAT32: geometric mean \\S+, least \\S+");
    }

    @Test
    void results_that_differ_are_refused() {
        float[] expected = {1, -2, 0.5f};
        Difference.of(expected, expected).require(true, "x");
        Difference off = Difference.of(new float[] {1, -2, 0.51f}, expected);
        off.require(false, "x");
        assertThatThrownBy(() -> off.require(true, "Tailor"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Tailor does not compute")
                .hasMessageContaining("5.0e-03");
        assertThatThrownBy(() -> Difference.of(new float[3], expected).require(false, "x"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_sample_is_summed_up_by_its_quartiles() {
        assertThat(Quartiles.of(5, 1, 2, 4, 3)).isEqualTo(new Quartiles(2, 3, 4));
        assertThat(Quartiles.of(1, 2)).isEqualTo(new Quartiles(1.25, 1.5, 1.75));
        assertThat(Quartiles.of(7)).hasToString("7.00 (7.00 - 7.00)");
    }

    @Test
    void sizes_are_of_texts_or_of_pictures() {
        assertThat(BatchSize.parse("8x512")).isEqualTo(new BatchSize(8, 512));
        assertThat(BatchSize.parse("16").ofText()).isFalse();
        for (String wrong : List.of("", "0", "1x0", "2x3x4", "axb", "x5")) {
            assertThatThrownBy(() -> BatchSize.parse(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("16x128");
        }
    }
}
