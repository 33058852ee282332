package dev.tailor.transfer;

import static dev.tailor.transfer.testing.Samples.BERT;
import static dev.tailor.transfer.testing.Samples.RESNET;
import static dev.tailor.transfer.testing.Samples.sentences;
import static dev.tailor.transfer.testing.Samples.shapes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.tailor.Task;
import dev.tailor.hub.ModelCard;
import dev.tailor.json.Json;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training leaves beside the weights: card, provenance, report. */
class OutcomeTest {
    @TempDir
    Path temporary;

    private FineTuning<String, String, ?, ?, ?> tuning(Path base) {
        return FineTuning.of(base, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.lora(2))
                .validation(sentences().subset(0, 5, 9))
                .dataName("own/sentences")
                .epochs(2)
                .learningRate(1e-3)
                .seed(77);
    }

    private Path licensed() throws Exception {
        Path base = temporary.resolve("base");
        Files.createDirectories(base);
        try (var files = Files.list(BERT)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, base.resolve(file.getFileName()));
            }
        }
        Files.writeString(base.resolve("README.md"), "---\nlicense: apache-2.0\n---\n# base\n");
        return base;
    }

    @Test
    void a_saved_folder_says_what_it_is_and_where_it_came_from() throws Exception {
        Path base = licensed();
        Path out = temporary.resolve("out");
        Path adapter = temporary.resolve("adapter");
        try (var tuned = tuning(base).fit(sentences())) {
            tuned.save(out);
            tuned.saveAdapter(adapter);
            var best = tuned.history().get(1);
            JsonObject json = Json.readObject(out.resolve("provenance.json"));
            assertThat(json.getAsJsonObject("metrics").get("accuracy").getAsDouble())
                    .isEqualTo(best.validationScore());
            assertThat(best.scoreName()).isEqualTo("accuracy");
            assertThat(json.getAsJsonArray("epochs")).hasSize(2);
            assertThat(json.getAsJsonObject("base_model").get("license").getAsString())
                    .isEqualTo("apache-2.0");
            assertThat(json.getAsJsonObject("recipe").get("seed").getAsString()).isEqualTo("77");
            assertThat(json.getAsJsonObject("software").get("engine").getAsString())
                    .startsWith("PyTorch 2.");
            JsonObject train = json.getAsJsonObject("data").getAsJsonObject("train");
            assertThat(train.get("examples").getAsInt()).isEqualTo(32);
            assertThat(train.getAsJsonObject("classes").get("bad").getAsInt()).isEqualTo(16);
            assertThat(train.get("targets_sha256").getAsString()).hasSize(64);
            assertThat(Instant.parse(json.get("ended").getAsString()))
                    .isAfterOrEqualTo(Instant.parse(json.get("started").getAsString()));
        }
        ModelCard card = ModelCard.parse(Files.readString(out.resolve("README.md")));
        assertThat(card.license()).contains("apache-2.0");
        assertThat(card.task()).contains("text-classification");
        assertThat(card.library()).contains("transformers");
        assertThat(card.all("datasets")).containsExactly("own/sentences");
        assertThat(card.all("metrics")).containsExactly("accuracy", "loss");
        assertThat(card.text()).contains("| good | 16 | 2 |", "LoRA of rank 2", "## Recipe");
        assertThat(card.text()).doesNotContain(temporary.toString());
        ModelCard small = ModelCard.parse(Files.readString(adapter.resolve("README.md")));
        assertThat(small.library()).contains("peft");
        assertThat(small.tags()).contains("lora");
        // A folder's plain path, as PEFT writes it, not an id.
        assertThat(Json.readObject(adapter.resolve("adapter_config.json"))
                        .get("base_model_name_or_path")
                        .getAsString())
                .isEqualTo(base.toString());
    }

    @Test
    void a_card_that_somebody_else_wrote_stays() throws Exception {
        Path out = Files.createDirectories(temporary.resolve("out"));
        Files.writeString(out.resolve("README.md"), "my own words");
        try (var tuned = tuning(BERT).fit(sentences())) {
            tuned.save(out);
            assertThat(out.resolve("README.md")).hasContent("my own words");
            assertThat(out.resolve("provenance.json")).exists();
            Files.delete(out.resolve("README.md"));
            tuned.save(out);
            String first = Files.readString(out.resolve("README.md"));
            Files.writeString(out.resolve("README.md"), first + "old");
            tuned.save(out);
            assertThat(out.resolve("README.md")).hasContent(first);
        }
    }

    @Test
    void a_report_is_one_page_without_scripts_that_shows_texts_as_texts() throws Exception {
        List<Example<String, String>> hostile = new ArrayList<>();
        sentences()
                .forEach(e -> hostile.add(new Example<>(
                        "<script>alert(1)</script>" + e.input(), e.target() + " & <b>", "'\"><img src=x>")));
        Path file = temporary.resolve("report.html");
        try (var tuned = FineTuning.of(BERT, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.bitFit())
                .epochs(3)
                .learningRate(1e-9)
                .validation(Dataset.of(hostile))
                .fit(Dataset.of(hostile))) {
            tuned.report(file);
            String page = Files.readString(file);
            assertThat(page)
                    .doesNotContain("<script", "<img src=x", "http://", "https://")
                    .contains("default-src 'none'", "prefers-color-scheme:dark")
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "good &amp; &lt;b&gt;")
                    .contains("Confusion matrix", "Most confident mistakes", "Learning rate", "targets_sha256");
            long wrong =
                    Math.round(32 * (1 - tuned.evaluate(Dataset.of(hostile)).accuracy()));
            assertThat(wrong).isPositive();
            assertThat(page).contains(wrong + " of 32 examples are wrong");
            assertThat(page.split("<figure>", -1)).hasSize((int) Math.min(24, wrong) + 1);
            assertThat(page.split("<svg", -1)).hasSize(4);
        }
    }

    @Test
    void a_report_shows_pictures_and_goes_without_validation_data() throws Exception {
        Path file = temporary.resolve("report.html");
        try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                .epochs(1)
                .learningRate(1e-9)
                .fit(shapes(6, 1))) {
            tuned.report(file);
            assertThat(file).content().doesNotContain("Confusion matrix").contains("Recipe", "<svg");
            tuned.report(file, shapes(6, 2));
            assertThat(file).content().contains("Confusion matrix", "<img alt=\"\" src=\"data:image/jpeg;base64,");
        }
    }
}
