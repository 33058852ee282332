package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.Pretrained;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.task.Classification;
import dev.tailor.task.Embedding;
import dev.tailor.task.Score;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole text pipelines answer as those of transformers and sentence-transformers did. */
class GoldenTextTest {
    private static final double TOLERANCE = 1e-4;

    @ParameterizedTest
    @ValueSource(strings = {"text-classification", "text-classification-multilabel", "cross-encoder"})
    void labels_and_scores_are_those_of_the_reference(String name) {
        Path folder = ModelCopy.recorded("text/" + name);
        int checked = 0;
        try (TextClassifier classifier = Pretrained.from(folder).threads(1).load(Task.TEXT_CLASSIFICATION)) {
            for (JsonObject recorded : cases(folder)) {
                String call = recorded.get("call").getAsString();
                if (call.startsWith("text-classification")) {
                    check(recorded.getAsJsonArray("output"), answer(classifier, recorded.get("input")));
                    checked++;
                }
            }
        }
        assertThat(checked).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text-classification", "text-classification-multilabel", "cross-encoder"})
    void a_list_is_answered_as_its_texts_are(String name) {
        Path folder = ModelCopy.recorded("text/" + name);
        List<String> texts = new ArrayList<>();
        List<JsonArray> outputs = new ArrayList<>();
        for (JsonObject recorded : cases(folder)) {
            if (recorded.get("input").isJsonPrimitive()) {
                texts.add(recorded.get("input").getAsString());
                outputs.add(recorded.getAsJsonArray("output"));
            }
        }
        try (TextClassifier classifier = Pretrained.from(folder).threads(1).load(Task.TEXT_CLASSIFICATION)) {
            List<Classification> answers = classifier.classify(texts);
            assertThat(answers).hasSize(6);
            for (int i = 0; i < answers.size(); i++) {
                check(outputs.get(i), answers.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sentence-cls",
                "sentence-cls-old",
                "sentence-mean-max",
                "sentence-mean-max-old",
                "sentence-mean-normalized",
                "sentence-mean-normalized-old",
                "sentence-mean-dense-normalized",
                "sentence-mean-dense-normalized-old"
            })
    void vectors_are_those_of_the_reference(String name) {
        Path folder = ModelCopy.recorded("text/" + name);
        List<JsonObject> cases = cases(folder);
        List<String> texts =
                cases.stream().map(c -> c.get("input").getAsString()).toList();
        assertThat(texts).hasSize(6);
        try (TextEmbedder embedder = Pretrained.from(folder).threads(1).load(Task.TEXT_EMBEDDING)) {
            List<Embedding> batched = embedder.embed(texts);
            for (int i = 0; i < texts.size(); i++) {
                float[] expected = floats(cases.get(i).getAsJsonArray("output"));
                assertThat(embedder.embed(texts.get(i)).vector()).containsExactly(expected, within((float) TOLERANCE));
                assertThat(batched.get(i).vector()).containsExactly(expected, within((float) TOLERANCE));
                assertThat(batched.get(i).truncated())
                        .isEqualTo(
                                texts.get(i).startsWith("My card was declined twice yesterday - please help me. My"));
            }
        }
    }

    private static Classification answer(TextClassifier classifier, JsonElement input) {
        return input.isJsonObject()
                ? classifier.classify(
                        input.getAsJsonObject().get("text").getAsString(),
                        input.getAsJsonObject().get("text_pair").getAsString())
                : classifier.classify(input.getAsString());
    }

    private static void check(JsonArray expected, Classification found) {
        List<String> labels = new ArrayList<>();
        expected.forEach(e -> labels.add(e.getAsJsonObject().get("label").getAsString()));
        assertThat(found.scores()).extracting(Score::label).containsExactlyElementsOf(labels);
        for (int i = 0; i < labels.size(); i++) {
            double score = expected.get(i).getAsJsonObject().get("score").getAsDouble();
            assertThat(found.scores().get(i).score()).isCloseTo(score, within(TOLERANCE));
        }
    }

    private static float[] floats(JsonArray values) {
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i).getAsFloat();
        }
        return result;
    }

    private static List<JsonObject> cases(Path folder) {
        Path file = folder.resolve("cases.json");
        try {
            List<JsonObject> cases = new ArrayList<>();
            Json.parse(Files.readAllBytes(file), file.toString(), true)
                    .getAsJsonArray()
                    .forEach(e -> cases.add(e.getAsJsonObject()));
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
