package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KerasHubTest {
    private static final String CONFIG =
            "{\"class_name\":\"BertBackbone\",\"registered_name\":\"keras_hub>BertBackbone\"}";

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final FakeKaggle kaggle = new FakeKaggle("keras/bert/keras/bert_tiny_en_uncased");
    final FakeHuggingFace huggingFace = new FakeHuggingFace("keras/new_preset");

    @BeforeEach
    void set_up() {
        kaggle.with("config.json", CONFIG)
                .with("metadata.json", "{}")
                .with("model.weights.h5", "weights")
                .with("tokenizer.json", "{}")
                .with("assets/tokenizer/vocabulary.txt", "[PAD]")
                .with("notes.pdf", "no file of a preset");
        huggingFace
                .with("config.json", CONFIG)
                .with("model.weights.h5", "weights")
                .with("assets/tokenizer/vocabulary.txt", "[PAD]")
                .with(".gitattributes", "x");
        variables.put("HOME", temporary.resolve("home").toString());
        variables.put("KAGGLE_API_ENDPOINT", kaggle.hub().toString());
        variables.put("KAGGLEHUB_CACHE", temporary.resolve("kaggle").toString());
        variables.put("HF_ENDPOINT", huggingFace.hub().toString());
        variables.put("HF_HOME", temporary.resolve("hf").toString());
    }

    @AfterEach
    void close() {
        kaggle.close();
        huggingFace.close();
    }

    @Test
    void takes_a_built_in_preset_from_kaggle_file_by_file() {
        Snapshot snapshot = fetch("keras://bert_tiny_en_uncased");
        assertThat(snapshot.id()).isEqualTo("kaggle://keras/bert/keras/bert_tiny_en_uncased/3");
        assertThat(snapshot.files())
                .containsExactly(
                        "assets/tokenizer/vocabulary.txt",
                        "config.json",
                        "metadata.json",
                        "model.weights.h5",
                        "tokenizer.json");
        assertThat(snapshot.root())
                .isEqualTo(temporary.resolve("kaggle/models/keras/bert/keras/bert_tiny_en_uncased/3"));
        // Python's KerasHub asks for each file by itself, so each needs its marker.
        assertThat(snapshot.root().resolveSibling(".complete/3/tokenizer.json.complete"))
                .isEmptyFile();
        kaggle.forget();
        fetch("keras://bert_tiny_en_uncased");
        assertThat(kaggle.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void takes_a_refused_file_for_absent(int status) {
        kaggle.spoil(
                "/download/tokenizer.json", TwoHosts.status(status, "{\"code\":" + status + ",\"message\":\"no\"}"));
        Snapshot snapshot = fetch("keras://kaggle/keras/bert/keras/bert_tiny_en_uncased");
        assertThat(snapshot.files()).contains("model.weights.h5").doesNotContain("tokenizer.json");
        kaggle.close();
        assertThat(fetch("keras://kaggle/keras/bert/keras/bert_tiny_en_uncased/3")
                        .files())
                .doesNotContain("tokenizer.json");
    }

    @Test
    void does_not_take_a_refused_config_for_absent() {
        kaggle.spoil("/download/config.json", TwoHosts.status(403, "{\"code\":403,\"message\":\"no\"}"));
        assertThatThrownBy(() -> fetch("keras://bert_tiny_en_uncased"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(403))
                .hasMessageContaining("accepted its terms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keras://hf/keras/new_preset", "keras://new_preset"})
    void takes_a_preset_from_hugging_face(String id) {
        Snapshot snapshot = fetch(id);
        assertThat(snapshot.id()).startsWith("hf://keras/new_preset@");
        assertThat(snapshot.revision()).isEqualTo(FakeHuggingFace.COMMIT);
        assertThat(snapshot.files())
                .containsExactly("assets/tokenizer/vocabulary.txt", "config.json", "model.weights.h5");
        assertThat(kaggle.seen()).isEmpty();
    }

    @Test
    void takes_a_transformers_checkpoint_as_the_hub_does() {
        huggingFace.with("config.json", "{\"model_type\":\"bert\"}").with("model.safetensors", "x");
        assertThat(fetch("keras://hf/keras/new_preset").files()).containsExactly("config.json", "model.safetensors");
    }

    @Test
    void takes_exactly_the_files_that_are_asked_for() {
        Snapshot snapshot = hub().fetch(
                        ModelId.parse("keras://bert_tiny_en_uncased"),
                        FetchRequest.defaults().withFiles("notes.pdf"::equals));
        assertThat(snapshot.files()).containsExactly("notes.pdf");
    }

    @Test
    void lists_the_known_presets_for_an_unknown_one() {
        assertThatThrownBy(() -> fetch("keras://bert_tyni"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(404))
                .hasMessageContaining("hf://keras/bert_tyni was not found")
                .hasMessageContaining("bert_tiny_en_uncased")
                .hasMessageContaining("resnet_50_imagenet");
    }

    @Test
    void offline_takes_the_caches_of_both_hubs() {
        FetchRequest offline = FetchRequest.defaults().withOffline(true);
        assertThatThrownBy(() -> hub().fetch(ModelId.parse("keras://bert_tiny_en_uncased"), offline))
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("offline");
        assertThat(kaggle.seen()).isEmpty();
        fetch("keras://bert_tiny_en_uncased");
        fetch("keras://new_preset");
        kaggle.forget();
        huggingFace.forget();
        assertThat(hub().fetch(ModelId.parse("keras://bert_tiny_en_uncased"), offline)
                        .files())
                .hasSize(5);
        assertThat(hub().fetch(ModelId.parse("keras://new_preset"), offline).files())
                .hasSize(3);
        assertThat(kaggle.seen()).isEmpty();
        assertThat(huggingFace.seen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bert_base_en_uncased, keras/bert/keras/bert_base_en_uncased/3",
        "gpt2_base_en, keras/gpt2/keras/gpt2_base_en/3",
        "resnet_18_imagenet, keras/resnetv1/keras/resnet_18_imagenet/3",
        "resnet_v2_50_imagenet, keras/resnetv2/keras/resnet_v2_50_imagenet/3",
        "resnet_vd_34_imagenet, keras/resnet_vd/keras/resnet_vd_34_imagenet/2",
        "bert_tiny_en_uncased_sst2, keras/bert/keras/bert_tiny_en_uncased_sst2/5"
    })
    void knows_the_built_in_presets(String name, String handle) {
        assertThat(KerasPresets.handle(name)).contains(handle);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keras://a/b", "keras://kaggle/a/b", "keras://hf/", "keras://../x"})
    void refuses_an_id_of_another_form(String id) {
        assertThatThrownBy(() -> fetch(id)).isInstanceOf(IllegalArgumentException.class);
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private KerasHub hub() {
        return new KerasHub(Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}));
    }
}
