package dev.tailor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command over a hub that needs no network. */
class HubTest {
    @TempDir
    Path temporary;

    private final StringWriter errors = new StringWriter();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private Path cache = Path.of("");

    @BeforeEach
    void a_cache() throws IOException {
        cache = Files.createDirectories(temporary.resolve("cache"));
    }

    @Test
    void lists_what_a_search_finds_and_the_files_of_a_model() {
        String found = run(0, "list", "bert", "--hub", "toy", "--task", "fill-mask", "--library", "x", "--limit", "1");
        assertThat(found.lines()).singleElement().asString().matches("toy://tiny +fill-mask +12,345  mit \\(gated\\)");
        assertThat(run(0, "list", "--hub", "toy").lines()).hasSize(2);
        assertThat(run(0, "list", "toy://tiny").lines())
                .containsExactly("config.json", "onnx/model.onnx", "weights.bin");
        assertThat(cache).isEmptyDirectory();
        run(1, "list", "--hub", "bundled");
        assertThat(errors.toString()).contains("cannot be searched");
    }

    @Test
    void downloads_all_or_what_patterns_name() {
        assertThat(run(0, "download", "toy://tiny", "*.onnx", "none/*").lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("onnx/model.onnx: 5 B in [0-9.]+ s, verified"),
                        line -> assertThat(line).isEqualTo("toy://tiny at 1"),
                        line -> assertThat(line).isEqualTo("licence: mit"),
                        line -> assertThat(line)
                                .isEqualTo(cache.resolve("toy/tiny").toString()));
        assertThat(run(0, "download", "toy://tiny", "--time-limit", "60")).contains("weights.bin: 1.5 kB in");
        run(1, "download", "toy://tiny", "*.gguf");
        assertThat(errors.toString()).contains("has no such file").doesNotContain("\tat ");
    }

    @Test
    void verifies_what_is_there() throws IOException {
        run(1, "verify", "toy://tiny");
        assertThat(errors.toString()).contains("offline");
        run(0, "download", "toy://tiny", "config.json", "weights.bin");
        assertThat(run(0, "verify", "toy://tiny"))
                .contains("ok        config.json", "no digest weights.bin", "No file differs");
        Files.writeString(cache.resolve("toy/tiny/config.json"), "[]");
        assertThat(run(1, "verify", "toy://tiny"))
                .contains("WRONG     config.json: expected git blob 9e26", "and fetch again");
    }

    @Test
    void lists_and_clears_the_cache() {
        run(0, "download", "toy://tiny");
        assertThat(run(0, "cache"))
                .containsPattern("(?m)^toy +1\\.5 kB  2026-01-02  toy://tiny@1 \\(main\\)$")
                .contains("1 revision, 1.5 kB; ");
        assertThat(run(1, "cache", "delete", "toy://other")).contains("No cache holds toy://other");
        assertThat(run(1, "cache", "delete", "toy://tiny@main")).contains("Would delete toy://tiny@1", "Add --yes");
        assertThat(cache.resolve("toy/tiny/config.json")).exists();
        assertThat(run(0, "cache", "delete", "toy://tiny", "--yes")).contains("Deleted toy://tiny@1", "frees 1.5 kB");
        assertThat(cache).isEmptyDirectory();
        assertThat(run(0, "cache")).contains("0 revisions");
    }

    @Test
    void draws_one_line_on_a_terminal_and_some_lines_elsewhere() {
        long[] nanos = {0};
        DownloadBar bar = new DownloadBar(print, true, () -> nanos[0]);
        bar.started("model.safetensors", 200_000_000);
        nanos[0] = 1_000_000_000;
        bar.progress("model.safetensors", 50_000_000, 200_000_000);
        nanos[0] = 2_000_000_000;
        bar.progress("model.safetensors", 100_000_000, 200_000_000);
        nanos[0] += 1;
        bar.progress("model.safetensors", 100_000_001, 200_000_000);
        String line = "\rmodel.safetensors [############............] 50 % of 200.0 MB 25.0 MB/s";
        assertThat(text()).isEqualTo("\rmodel.safetensors [######..................] 25 % of 200.0 MB 0 B/s" + line);
        bar.finished("model.safetensors", 200_000_000);
        assertThat(text()).matches("\r +\rmodel.safetensors: 200.0 MB in 2.0 s, verified\\R");

        DownloadBar plain = new DownloadBar(print, false, () -> 0);
        for (int i = 1; i <= 40; i++) {
            plain.progress("large", i * 5_000_000L, 200_000_000);
            plain.progress("unknown", i, -1);
        }
        assertThat(text().lines())
                .hasSize(10)
                .startsWith("large: 10 % of 200.0 MB")
                .endsWith("large: 100 % of 200.0 MB");
    }

    private String text() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    private String run(int expected, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--folder";
        all[1] = cache.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        int code = Examples.prepare(Hub.command(print, false))
                .setErr(new PrintWriter(errors, true))
                .execute(all);
        String text = text();
        assertThat(code).as("%s%n%s", errors, text).isEqualTo(expected);
        return text;
    }
}
