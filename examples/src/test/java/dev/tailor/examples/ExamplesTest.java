package dev.tailor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every example runs and prints what it should. */
class ExamplesTest {
    private static final String TEXT_MODEL = "src/test/resources/golden/text/text-classification";

    @TempDir
    Path temporary;

    private final StringWriter errors = new StringWriter();

    @Test
    void the_quick_start_beats_training_from_scratch_and_loads_back_what_it_saved() {
        String printed =
                run(0, "quick-start", "--out", temporary.resolve("model").toString());
        assertThat(printed).contains("house", "from scratch", "gives the same answers");
        assertThat(number(printed, "pretrained +[^0-9 ]+ ([0-9.]+)"))
                .isGreaterThan(0.75)
                .isGreaterThan(2 * number(printed, "\n +from scratch +[^0-9 ]+ ([0-9.]+)"));
        assertThat(temporary.resolve("model/answers.png")).isNotEmptyFile();
    }

    @Test
    void the_quick_start_takes_a_folder_of_pictures() {
        pictures();
        String printed = run(
                0,
                "quick-start",
                "--per-class",
                "4",
                "--data",
                temporary.resolve("data").toString());
        assertThat(printed).contains("bell", "flag", "gives the same answers");
    }

    @Test
    void images_are_classified_and_tuned() {
        pictures();
        String picture = temporary.resolve("data/flag/flag-0.png").toString();
        assertThat(run(0, "classify-image", "--model", "bundled:pictograms", picture))
                .contains(picture, "\u2588");
        String out = temporary.resolve("tuned").toString();
        String printed = run(
                0,
                "tune-images",
                "--model",
                "bundled:pictograms",
                "--data",
                temporary.resolve("data").toString(),
                "--out",
                out,
                "--epochs",
                "10");
        assertThat(printed).contains("accuracy", "Epoch 10/10", "Saved to");
        assertThat(run(0, "classify-image", "--model", out, picture)).containsAnyOf("flag", "bell");
        assertThat(run(
                        0,
                        "tune-images",
                        "--full",
                        "--model",
                        out,
                        "--data",
                        temporary.resolve("data").toString(),
                        "--epochs",
                        "1",
                        "--rate",
                        "1e-4"))
                .contains("full fine-tuning");
    }

    @Test
    void texts_are_classified_embedded_and_tuned() throws IOException {
        assertThat(run(0, "classify-text", "--model", TEXT_MODEL, "the film was funny"))
                .contains("the film was funny", "POSITIVE", "NEGATIVE");
        String embedded = run(0, "embed", "--model", TEXT_MODEL, "a fox", "a fox", "a bank");
        assertThat(embedded).contains("32 dimensions");
        assertThat(number(embedded, "(?s)cosine.*?cosine [^0-9]*([0-9.]+)")).isEqualTo(1);
        assertThat(run(0, "serving-metrics", "--model", TEXT_MODEL, "--callers", "3", "a fox", "a bank"))
                .containsPattern("tailor.call +6 times, mean [0-9.]+ ms")
                .containsPattern("tailor.batch.size +[1-6] times, mean [1-6]");
        Path table = temporary.resolve("table.tsv");
        String rows = "funny\tgood\nterrible\tbad\n".repeat(10);
        Files.writeString(table, rows);
        String out = temporary.resolve("text").toString();
        assertThat(run(
                        0,
                        "tune-text",
                        "--columns",
                        "0",
                        "1",
                        "--model",
                        TEXT_MODEL,
                        "--data",
                        table.toString(),
                        "--out",
                        out,
                        "--epochs",
                        "2",
                        "--rate",
                        "1e-3"))
                .contains("Epoch 2/2", "good", "bad");
        assertThat(run(0, "classify-text", "--model", out, "funny")).contains("good");
    }

    @Test
    void embeddings_are_measured_on_the_benchmark_for_similarity() {
        Path assets = assets();
        String printed = run(
                0,
                "evaluate-embeddings",
                "--model",
                assets.resolve("model2vec-fixtures/test-model-vocab-quantized").toString(),
                "--data",
                assets.resolve("data-stsbenchmark").toString());
        assertThat(printed).contains("Embedded 1379 of 1379 pairs", "sentences per second");
        assertThat(number(printed, "Spearman ([0-9.]+)")).isBetween(0.505, 0.515);
    }

    @Test
    void embeddings_stand_beside_bags_of_words() {
        String assets = assets().toString();
        String banking = run(
                0,
                "classify-by-embeddings",
                "--model",
                assets + "/model2vec-fixtures/test-model-vocab-quantized",
                "--data",
                assets + "/data-banking77/train.csv",
                "--test",
                assets + "/data-banking77/test.csv");
        assertThat(number(banking, "words: accuracy ([0-9.]+)")).isBetween(0.89, 0.91);
        assertThat(number(banking, "64 dimensions: accuracy ([0-9.]+)")).isBetween(0.62, 0.65);
        String spam = run(
                0,
                "classify-by-embeddings",
                "--model",
                assets + "/model2vec-fixtures/test-model-vocab-quantized",
                "--data",
                assets + "/data-sms-spam/sms.tsv",
                "--columns",
                "1",
                "0");
        assertThat(number(spam, "words: accuracy ([0-9.]+)")).isBetween(0.975, 0.99);
        assertThat(number(spam, "64 dimensions: accuracy ([0-9.]+)")).isBetween(0.965, 0.98);
    }

    @Test
    void a_few_texts_of_each_label_teach_an_embedder_and_a_classifier() throws IOException {
        StringBuilder rows = new StringBuilder("text,label\n");
        for (String place : List.of("river", "house", "garden", "night")) {
            for (String day : List.of("today", "again", "at last", "in winter", "alone")) {
                rows.append("we swim in the ")
                        .append(place)
                        .append(' ')
                        .append(day)
                        .append(",water\n");
                rows.append("they cook by the ")
                        .append(place)
                        .append(' ')
                        .append(day)
                        .append(",kitchen\n");
            }
        }
        Path table = temporary.resolve("few.csv");
        Files.writeString(table, rows);
        String printed = run(
                0,
                "few-shot",
                "--model",
                TEXT_MODEL,
                "--data",
                table.toString(),
                "--shots",
                "4",
                "--iterations",
                "5",
                "--rate",
                "1e-3");
        assertThat(printed).contains("8 texts to learn from, 20 to measure on", "bags of words");
        assertThat(number(printed, "to 80 pairs: accuracy ([0-9.]+)"))
                .isGreaterThan(0.9)
                .isGreaterThanOrEqualTo(number(printed, "as they came: accuracy ([0-9.]+)"));
    }

    @Test
    void strategies_are_compared() {
        pictures();
        String printed = run(
                0,
                "compare-strategies",
                "--model",
                "bundled:pictograms",
                "--epochs",
                "2",
                "--data",
                temporary.resolve("data").toString());
        for (String way : List.of("feature-extraction", "last-layers", "bitfit", "lora", "full")) {
            assertThat(number(printed, "\n" + way + " +([0-9.]+) %")).isBetween(0.0, 100.0);
        }
        run(1, "compare-strategies", "--model", "bundled:pictograms", "--data", ".", "--only", "luck");
        assertThat(errors.toString()).contains("no way called [luck]");
    }

    private static Path assets() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("shared/assets");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        return Assumptions.abort("no folder shared/assets beside the checkout");
    }

    @Test
    void the_other_text_tasks_answer() {
        String folder = "src/test/resources/golden/text/";
        assertThat(run(0, "recognize-entities", "--model", folder + "token-classification", "John flew to Tokyo"))
                .contains("PER", "\u2588", "John");
        assertThat(run(
                        0,
                        "answer-question",
                        "--model",
                        folder + "question-answering",
                        "--context",
                        "John flew to Tokyo on Monday",
                        "Who flew?"))
                .contains("Who flew?", "John");
        assertThat(run(0, "fill-mask", "--model", folder + "fill-mask", "Why is the [MASK] blue?"))
                .contains("##ll", "why is thell blue?");
        assertThat(run(
                        0,
                        "choose-label",
                        "--model",
                        folder + "zero-shot-classification",
                        "--labels",
                        "travel,cooking",
                        "My card was declined"))
                .contains("travel", "cooking");
        assertThat(run(
                        0,
                        "rerank",
                        "--model",
                        folder + "cross-encoder",
                        "--query",
                        "Why is the sky blue?",
                        "a fox",
                        "a bank"))
                .contains("a fox", "a bank");
    }

    @Test
    void objects_and_masks_are_drawn() throws IOException {
        pictures();
        String picture = temporary.resolve("data/flag/flag-0.png").toString();
        String found = run(
                0,
                "detect-objects",
                "--model",
                "src/test/resources/golden/pictures/yolos",
                "--threshold",
                "0.3",
                "--out",
                temporary.resolve("drawn").toString(),
                picture);
        assertThat(found).contains("LABEL_", " at (", "drawn in");
        String areas = run(
                0,
                "segment-image",
                "--model",
                "src/test/resources/golden/pictures/segformer",
                "--out",
                temporary.resolve("drawn").toString(),
                picture);
        assertThat(areas).contains("LABEL_", "\u2588");
        BufferedImage original = ImageIO.read(Path.of(picture).toFile());
        for (String name : List.of("flag-0-objects.png", "flag-0-labels.png")) {
            BufferedImage drawn =
                    ImageIO.read(temporary.resolve("drawn").resolve(name).toFile());
            assertThat(drawn.getWidth()).isEqualTo(original.getWidth());
            assertThat(drawn.getHeight()).isEqualTo(original.getHeight());
        }
    }

    @Test
    void the_bundled_model_can_be_trained_again() {
        Path out = temporary.resolve("again");
        assertThat(run(0, "pretrain-pictograms", "--out", out.toString(), "--per-kind", "4", "--epochs", "1"))
                .contains("from scratch", "Saved to");
        assertThat(out.resolve("README.md")).content().contains("pipeline_tag: image-classification");
        assertThat(out.resolve("model.safetensors")).isNotEmptyFile();
    }

    @Test
    void mistakes_are_told_in_one_message() {
        run(1, "classify-text", "--model", "org/name", "text");
        assertThat(errors.toString()).contains("hf://org/name").doesNotContain("\tat ");
    }

    private void pictures() {
        for (String kind : List.of("bell", "flag")) {
            Drawings.write(temporary.resolve("data").resolve(kind), kind, 10);
        }
    }

    private String run(int expected, String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        CommandLine line = Examples.commandLine(print).setErr(new PrintWriter(errors, true));
        int code = line.execute(arguments);
        assertThat(code)
                .as("%s%n%s", errors, bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(expected);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static double number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as("%s in %s", pattern, text).isTrue();
        return Double.parseDouble(matcher.group(1));
    }
}
