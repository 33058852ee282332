package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceSelectionTest {
    @TempDir
    Path temporary;

    final FakeHuggingFace server = new FakeHuggingFace("org/name").pagesOf(2).with("config.json", "{}");

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void takes_the_shards_that_the_index_names_over_many_pages() {
        server.with(
                        "model.safetensors.index.json",
                        index("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"))
                .with("model-00001-of-00002.safetensors", "one")
                .with("model-00002-of-00002.safetensors", "two")
                .with("model-00003-of-00003.safetensors", "of another set")
                .with("model.fp16.safetensors", "variant")
                .with("pytorch_model.bin", "pickle");
        assertThat(fetch("hf://org/name").files())
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
        assertThat(TwoHosts.paths(server.seen()))
                .filteredOn(path -> path.contains("/tree/"))
                .hasSize(4);
    }

    @Test
    void names_every_shard_that_the_repository_lacks() {
        server.with("model.safetensors.index.json", index("model-1.safetensors", "model-2.safetensors"));
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .hasMessageContaining("model-1.safetensors, model-2.safetensors");
    }

    @Test
    void refuses_a_shard_outside_the_folder() {
        server.with("model.safetensors.index.json", index("../../evil.safetensors"));
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .hasMessageContaining("a shard must be a file beside the index");
    }

    @Test
    void takes_pickled_weights_only_without_safetensors() {
        server.with("pytorch_model.bin.index.json", index("pytorch_model-00001-of-00001.bin"))
                .with("pytorch_model-00001-of-00001.bin", "pickle")
                .with("tf_model.h5", "h5")
                .with("flax_model.msgpack", "flax")
                .with("training_args.bin", "code");
        assertThat(fetch("hf://org/name").files())
                .containsExactly("config.json", "pytorch_model-00001-of-00001.bin", "pytorch_model.bin.index.json");
    }

    @Test
    void takes_the_modules_of_sentence_transformers() {
        server.with("modules.json", "[]")
                .with("config_sentence_transformers.json", "{}")
                .with("sentence_bert_config.json", "{}")
                .with("model.safetensors", "weights")
                .with("1_Pooling/config.json", "{}")
                .with("2_Dense/config.json", "{}")
                .with("2_Dense/model.safetensors", "dense")
                .with("2_Dense/pytorch_model.bin", "dense")
                .with("openvino/openvino_model.bin", "x")
                .with("onnx/model.onnx", "x");
        assertThat(fetch("hf://org/name").files())
                .containsExactly(
                        "1_Pooling/config.json",
                        "2_Dense/config.json",
                        "2_Dense/model.safetensors",
                        "config.json",
                        "config_sentence_transformers.json",
                        "model.safetensors",
                        "modules.json",
                        "sentence_bert_config.json");
    }

    @Test
    void takes_tokenizers_templates_and_adapters() {
        server.with("adapter_config.json", "{}")
                .with("adapter_model.safetensors", "a")
                .with("adapter_model.bin", "b")
                .with("vocab.txt", "v")
                .with("merges.txt", "m")
                .with("spiece.model", "s")
                .with("sentencepiece.bpe.model", "s")
                .with("chat_template.jinja", "j")
                .with("additional_chat_templates/tools.jinja", "j")
                .with("preprocessor_config.json", "{}")
                .with("trainer_state.json", "{}")
                .with("run.py", "code");
        assertThat(fetch("hf://org/name").files())
                .containsExactly(
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "additional_chat_templates/tools.jinja",
                        "chat_template.jinja",
                        "config.json",
                        "merges.txt",
                        "preprocessor_config.json",
                        "sentencepiece.bpe.model",
                        "spiece.model",
                        "vocab.txt");
    }

    @Test
    void takes_a_folder_of_the_repository_as_the_root() {
        server.with("sub/folder/config.json", "{\"sub\":1}").with("sub/folder/model.safetensors", "w");
        Snapshot snapshot = fetch("hf://org/name/sub/folder");
        assertThat(snapshot.files()).containsExactly("config.json", "model.safetensors");
        assertThat(snapshot.require("config.json")).hasContent("{\"sub\":1}");
        assertThat(snapshot.id()).isEqualTo("hf://org/name/sub/folder");
        assertThatThrownBy(() -> fetch("hf://org/name/other"))
                .hasMessageContaining("no folder other")
                .hasMessageContaining("sub/folder");
    }

    @Test
    void takes_exactly_the_files_that_are_asked_for() {
        server.with("onnx/model.onnx", "onnx").with("model.safetensors", "w");
        FetchRequest request = FetchRequest.defaults().withFiles(name -> name.startsWith("onnx/"));
        assertThat(hub().fetch(ModelId.parse("hf://org/name"), request).files()).containsExactly("onnx/model.onnx");
        // The usual files are still to come: the snapshot is known to be incomplete.
        assertThat(fetch("hf://org/name@" + FakeHuggingFace.COMMIT).files())
                .containsExactly("config.json", "model.safetensors", "onnx/model.onnx");
    }

    @Test
    void reads_the_names_from_the_description_where_a_mirror_has_no_tree() {
        server.with("model.safetensors", "w").spoil("/tree/", TwoHosts.status(404, ""));
        assertThat(fetch("hf://org/name").files()).containsExactly("config.json", "model.safetensors");
    }

    private static String index(String... shards) {
        StringBuilder map = new StringBuilder("{\"metadata\":{\"total_size\":1},\"weight_map\":{");
        for (int i = 0; i < shards.length; i++) {
            map.append(i == 0 ? "" : ",")
                    .append("\"t")
                    .append(i)
                    .append("\":\"")
                    .append(shards[i])
                    .append('"');
        }
        return map.append("}}").toString();
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private HuggingFaceHub hub() {
        return new HuggingFaceHub(
                Environment.of(Map.of(
                        "HF_ENDPOINT",
                        server.hub().toString(),
                        "HF_HOME",
                        temporary.toString(),
                        "HF_TOKEN_PATH",
                        temporary.resolve("none").toString())),
                RetryPolicy.standard().withSleeper(time -> {}));
    }
}
