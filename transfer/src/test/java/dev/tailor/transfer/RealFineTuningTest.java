package dev.tailor.transfer;

import static dev.tailor.transfer.testing.Assets.asset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.data.ImageFolder;
import dev.tailor.transfer.data.TextTable;
import dev.tailor.transfer.train.EpochReport;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fits to published data, which lie beside the project. */
class RealFineTuningTest {
    @TempDir
    Path temporary;

    @Test
    void an_imagenet_network_learns_flowers_from_five_hundred_photographs() {
        Path flowers = asset("data-flowers-cc-by");
        ImageFolder held = ImageFolder.of(flowers.resolve("val"));
        try (var tuned = FineTuning.of(asset("mobilenet_v1_0.25_224"), Task.IMAGE_CLASSIFICATION)
                .strategy(Strategy.featureExtraction())
                .seed(42)
                .fit(ImageFolder.of(flowers.resolve("train")))) {
            // Logistic regression on the same features reaches 0.80 to 0.83.
            assertThat(tuned.evaluate(held).accuracy()).isGreaterThanOrEqualTo(0.79);
            tuned.save(temporary);
            var pictures = IntStream.of(0, 60, 120, 180, 240)
                    .mapToObj(i -> held.get(i).input())
                    .toList();
            try (var again = Pretrained.from(temporary).load(Task.IMAGE_CLASSIFICATION)) {
                assertThat(again.classify(pictures)).isEqualTo(tuned.predict(pictures));
            }
        }
    }

    @Test
    void a_tiny_encoder_goes_the_whole_way_on_film_reviews() {
        Dataset<String, String> reviews = TextTable.tsv(asset("data-sst2").resolve("train.tsv"), 0, 1)
                .split(0.03, 1)
                .train();
        Path model = Path.of("src/test/resources/golden/text/text-classification");
        try (var tuned = FineTuning.of(model, Task.TEXT_CLASSIFICATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(12)
                .learningRate(3e-3)
                .seed(5)
                .fit(reviews)) {
            List<EpochReport> history = tuned.history();
            // Random weights and a vocabulary of other texts: the encoder learns these reviews by heart at best.
            assertThat(history.get(11).trainLoss()).isLessThan(history.get(0).trainLoss() - 0.02);
            tuned.save(temporary);
            List<String> texts = IntStream.range(0, 20)
                    .mapToObj(reviews::get)
                    .map(Example::input)
                    .toList();
            List<Classification> answers = tuned.predict(texts);
            try (var again = Pretrained.from(temporary).load(Task.TEXT_CLASSIFICATION)) {
                assertThat(again.classify(texts)).isEqualTo(answers);
            }
        }
    }
}
