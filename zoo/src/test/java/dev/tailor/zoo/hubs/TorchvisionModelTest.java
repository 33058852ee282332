package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.tailor.ModelId;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.task.Classification;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the name of a network of torchvision to labels: the hub's folder alone says which network it is and what it wants. */
class TorchvisionModelTest {
    private static final Path RECORDED = Path.of("src/test/resources/dev/tailor/zoo/hubs/torchvision");

    @TempDir
    Path temporary;

    @Test
    void a_published_pth_is_fetched_and_classifies_as_torchvision_does() throws IOException {
        byte[] weights = Files.readAllBytes(RECORDED.resolve("squeezenet1_1.pth"));
        String file = "squeezenet1_1-" + FakeHuggingFace.sha256(weights).substring(0, 8) + ".pth";
        TorchvisionWeights published = TorchvisionWeights.table().stream()
                .filter(row -> row.model().equals("squeezenet1_1"))
                .findFirst()
                .orElseThrow();
        try (TwoHosts server = new TwoHosts()) {
            server.onHub(exchange -> TwoHosts.file(exchange, weights));
            Environment environment = Environment.of(Map.of(
                    "TORCH_HOME", temporary.resolve("torch").toString(),
                    "TAILOR_HOME", temporary.resolve("tailor").toString()));
            TorchHub hub = new TorchHub(
                    environment,
                    RetryPolicy.standard(),
                    server.hub().resolve("/models/"),
                    List.of(published.published(file, published.classes())));
            Snapshot snapshot =
                    hub.fetch(ModelId.parse("torchhub://pytorch/vision/squeezenet1_1"), FetchRequest.defaults());
            assertThat(Digest.sha256(FakeHuggingFace.sha256(weights)).mismatch(snapshot.require(file)))
                    .isNull();
            try (var classifier = Pretrained.from(snapshot.root()).threads(1).load(Task.IMAGE_CLASSIFICATION)) {
                check(classifier.classify(picture()));
            }
            try (var embedder = Pretrained.from(snapshot.root()).threads(1).load(Task.IMAGE_EMBEDDING)) {
                assertThat(embedder.embed(picture()).vector()).hasSize(512);
            }
        }
    }

    private static void check(Classification found) throws IOException {
        JsonArray best = JsonParser.parseString(Files.readString(RECORDED.resolve("squeezenet1_1.json")))
                .getAsJsonArray();
        for (int i = 0; i < best.size(); i++) {
            JsonArray expected = best.get(i).getAsJsonArray();
            assertThat(found.scores().get(i).label()).isEqualTo(expected.get(0).getAsString());
            assertThat(found.scores().get(i).score()).isCloseTo(expected.get(1).getAsDouble(), within(2e-5));
        }
    }

    /** As {@code make.py} draws it. */
    private static BufferedImage picture() {
        BufferedImage image = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 300; y++) {
            for (int x = 0; x < 400; x++) {
                image.setRGB(x, y, x % 256 << 16 | y % 256 << 8 | x * y / 64 % 256);
            }
        }
        return image;
    }
}
