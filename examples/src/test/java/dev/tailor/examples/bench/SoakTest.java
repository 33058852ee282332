package dev.tailor.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(300)
class SoakTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void native_objects_are_constant_and_none_is_left(int maxBatch) throws Exception {
        Soak soak = new Soak(print);
        soak.predictions = 2000;
        soak.warmUp = 200;
        soak.threads = 4;
        soak.longest = 40;
        soak.maxBatch = maxBatch;

        Soak.Outcome outcome = soak.run();

        assertThat(outcome.objectsBefore()).isPositive().isEqualTo(outcome.objectsAfter());
        assertThat(outcome.objectsLeft()).isZero();
    }

    @Test
    void the_serving_benchmark_prints_a_row_for_each_number_of_callers() {
        int status = new CommandLine(new ServingBenchmark(print))
                .execute("--callers=1,3", "--calls=12", "--rounds=2", "--layers=1", "--width=32", "--max-batch=2");

        assertThat(status).isZero();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("callers   each by itself")
                .containsPattern("(?m)^1 +\\d.* times$")
                .containsPattern("(?m)^3 +\\d.* times$");
    }

    @Test
    void the_cold_start_names_its_phases() {
        int status = new CommandLine(new ColdStart(print)).execute("--runs=1", "--layers=1");

        assertThat(status).isZero();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .containsPattern("(?m)^java +\\d")
                .containsPattern("(?m)^model +\\d")
                .containsPattern("(?m)^answer +\\d");
    }
}
