package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.Pretrained;
import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.task.FilledToken;
import dev.tailor.zoo.testing.Assets;
import dev.tailor.zoo.testing.ModelCopy;
import dev.tailor.zoo.testing.TextCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose weights are pickles. */
class PickledModelsTest {
    @TempDir
    Path temporary;

    private static List<JsonObject> reactions(Path folder) throws IOException {
        Path file = folder.resolve("golden_recomputed.json");
        return TextCases.objects(Json.parse(Files.readAllBytes(file), file.toString(), true));
    }

    @Test
    void an_albert_in_the_older_format_fills_masks_as_its_authors_say() throws IOException {
        Path folder = Assets.folder("rxnmapper-albert");
        List<String> vocabulary = Files.readAllLines(folder.resolve("hf/vocab.txt"));
        try (PretrainedModel model =
                        Pretrained.from(folder.resolve("hf")).threads(1).load();
                PretrainedModel derived = Pretrained.from(Assets.folder("rxnmapper-albert-safetensors-derived"))
                        .threads(1)
                        .load()) {
            for (JsonObject reaction : reactions(folder)) {
                JsonArray list = reaction.getAsJsonArray("ids");
                long[] ids = new long[list.size()];
                for (int i = 0; i < ids.length; i++) {
                    ids[i] = list.get(i).getAsLong();
                }
                int place = reaction.get("masked_pos").getAsInt();
                ids[place] = vocabulary.indexOf("[MASK]");
                float[] logits = logits(model, ids, place);
                assertThat(logits).containsExactly(logits(derived, ids, place), within(1e-6f));
                double[] shares = Softmax.of(logits, 0, logits.length);
                for (var top : reaction.getAsJsonArray("fill_mask_top3")) {
                    int id = vocabulary.indexOf(top.getAsJsonArray().get(0).getAsString());
                    assertThat(shares[id]).isCloseTo(top.getAsJsonArray().get(1).getAsDouble(), within(1e-4));
                }
            }
        }
    }

    private static float[] logits(PretrainedModel model, long[] ids, int place) {
        try (NDManager manager = model.newManager()) {
            NDArray input = manager.create(ids).expandDims(0);
            return model.forward(Map.of("input_ids", input))
                    .get("logits")
                    .get(0)
                    .get(place)
                    .toFloatArray();
        }
    }

    @Test
    void a_tokenizer_with_a_pattern_of_its_own_fills_masks_from_text() throws IOException {
        Path folder = Assets.folder("rxnmapper-albert-safetensors-derived");
        try (var filler = Pretrained.from(folder).threads(1).load(Task.FILL_MASK)) {
            for (JsonObject reaction : reactions(Assets.folder("rxnmapper-albert"))) {
                List<String> tokens = new ArrayList<>(TextCases.texts(reaction.get("tokens")));
                tokens.set(reaction.get("masked_pos").getAsInt(), filler.mask());
                String text = String.join("", tokens.subList(1, tokens.size() - 1));
                List<FilledToken> found = filler.topK(3).fill(text).get(0);
                JsonArray expected = reaction.getAsJsonArray("fill_mask_top3");
                for (int i = 0; i < 3; i++) {
                    JsonArray top = expected.get(i).getAsJsonArray();
                    assertThat(found.get(i).token()).isEqualTo(top.get(0).getAsString());
                    assertThat(found.get(i).score()).isCloseTo(top.get(1).getAsDouble(), within(1e-4));
                }
            }
        }
    }

    @Test
    void a_dense_module_may_lie_in_a_pickle() throws IOException {
        ModelCopy copy = ModelCopy.of("text/sentence-mean-dense-normalized", temporary.resolve("model"))
                .without("2_Dense/model.safetensors");
        Files.copy(ModelCopy.recorded("text/dense.bin"), copy.folder().resolve("2_Dense/pytorch_model.bin"));
        String text = "The quick brown fox";
        try (var embedder = Pretrained.from(copy.folder()).threads(1).load(Task.TEXT_EMBEDDING);
                var recorded = Pretrained.from(ModelCopy.recorded("text/sentence-mean-dense-normalized"))
                        .threads(1)
                        .load(Task.TEXT_EMBEDDING)) {
            assertThat(embedder.embed(text)).isEqualTo(recorded.embed(text));
        }
        copy.without("2_Dense/pytorch_model.bin");
        assertThatThrownBy(() -> Pretrained.from(copy.folder()).load(Task.TEXT_EMBEDDING))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("2_Dense");
    }
}
