package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.tailor.Precision;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.json.Json;
import dev.tailor.task.Embedding;
import dev.tailor.zoo.testing.Assets;
import dev.tailor.zoo.testing.TextCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How far shorter numbers lead away from 32-bit floats, on trained weights and real input. */
class PrecisionsTest {

    private static List<Embedding> texts(Precision precision) throws IOException {
        Path recorded = Assets.folder("rxnmapper-albert").resolve("golden_recomputed.json");
        List<String> reactions =
                TextCases.objects(Json.parse(Files.readAllBytes(recorded), recorded.toString(), true)).stream()
                        .map((JsonObject r) -> r.get("rxn").getAsString())
                        .toList();
        assertThat(reactions).isNotEmpty();
        Path folder = Assets.folder("rxnmapper-albert-safetensors-derived");
        try (var embedder =
                Pretrained.from(folder).precision(precision).threads(1).load(Task.TEXT_EMBEDDING)) {
            return embedder.embed(reactions);
        } catch (EngineUnavailableException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    private static List<Embedding> pictures(Precision precision) throws IOException {
        Path pictures = Assets.folder("data-flowers-cc-by").resolve("val/daisy");
        List<Embedding> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(pictures).sorted().limit(20);
                var embedder = Pretrained.from(Assets.folder("mobilenet_v1_0.25_224"))
                        .precision(precision)
                        .threads(1)
                        .load(Task.IMAGE_EMBEDDING)) {
            for (Path file : files.toList()) {
                all.add(embedder.embed(file));
            }
            return all;
        } catch (EngineUnavailableException e) {
            return Assumptions.abort(e.getMessage());
        }
    }

    private static double leastCosine(List<Embedding> found, List<Embedding> expected) {
        assertThat(found).hasSameSizeAs(expected);
        double least = 1;
        for (int i = 0; i < found.size(); i++) {
            least = Math.min(least, found.get(i).cosine(expected.get(i)));
        }
        return least;
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "INT8"})
    void vectors_of_a_trained_transformer_keep_their_direction(Precision precision) throws IOException {
        double least = leastCosine(texts(precision), texts(Precision.FLOAT32));
        assertThat(least).isBetween(0.99, 0.999999999);
    }

    @ParameterizedTest
    @EnumSource(names = "BFLOAT16")
    void vectors_of_a_trained_convolutional_network_keep_their_direction(Precision precision) throws IOException {
        // A quarter of the usual channels leaves little for errors to average out.
        double least = leastCosine(pictures(precision), pictures(Precision.FLOAT32));
        assertThat(least).isBetween(0.98, 0.999999999);
    }
}
