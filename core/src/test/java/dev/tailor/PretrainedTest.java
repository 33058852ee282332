package dev.tailor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.checkpoint.CheckpointException;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.program.Head;
import dev.tailor.program.WeightMismatchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front door on a folder with a small model. */
class PretrainedTest {
    private static final String CLASSIFIER =
            "{\"model_type\": \"tiny\"," + " \"architectures\": [\"TinyForSequenceClassification\"]}";

    @TempDir
    private Path folder;

    @BeforeEach
    void a_small_model() throws IOException {
        config(CLASSIFIER);
        Safetensors.write(
                folder.resolve("model.safetensors"),
                List.of(
                        TensorData.of("body.weight", List.of(2L, 2L), new float[] {1, 2, 3, 4}),
                        TensorData.of("classifier.weight", List.of(3L, 2L), new float[] {1, 0, 0, 1, 1, 1})),
                Map.of("format", "pt"));
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }

    private static float[] run(PretrainedModel model, String output) {
        try (NDManager manager = model.newManager()) {
            NDArray x = manager.create(new float[] {1, 10}, new Shape(1, 2));
            return Objects.requireNonNull(model.forward(Map.of("x", x)).get(output))
                    .toFloatArray();
        }
    }

    private static void refused(ThrowingCallable action, Class<?> type, String... parts) {
        assertThatThrownBy(action).isInstanceOf(type).hasMessageContainingAll(parts);
    }

    @Test
    void a_folder_loads_with_the_head_of_its_config() {
        try (PretrainedModel model = Pretrained.from(folder).load()) {
            assertThat(run(model, "logits")).containsExactly(21, 43, 64);
            assertThat(model.head()).isEqualTo(Head.SEQUENCE_CLASSIFICATION);
            assertThat(model.architecture().modelType()).isEqualTo("tiny");
            assertThat(model.config().modelType()).isEqualTo("tiny");
            assertThat(model.ignoredWeights()).isEmpty();
            assertThat(model.program().weights()).containsOnlyKeys("body.weight", "classifier.weight");
            assertThat(model.block().getParameters().keys()).containsExactly("body.weight", "classifier.weight");
            assertThat(model.toString()).contains(folder.getFileName().toString(), "TinyForSequenceClassification");
        }
    }

    @Test
    void an_alias_and_a_file_uri_load_too() throws IOException {
        config("{\"model_type\": \"tinier\", \"architectures\": [\"TinyModel\"], \"hidden_size\": 2}");
        Safetensors.write(
                folder.resolve("model.safetensors"),
                List.of(TensorData.of("body.weight", List.of(2L, 2L), new float[] {1, 2, 3, 4})),
                Map.of());
        try (PretrainedModel model = Pretrained.from(folder.toUri().toString()).load()) {
            assertThat(run(model, "last_hidden_state")).containsExactly(21, 43);
        }
    }

    @Test
    void settings_return_copies_and_are_followed() {
        Pretrained plain = Pretrained.from(folder);
        Pretrained all = plain.device(Device.cpu())
                .precision(Precision.BFLOAT16)
                .engine("pytorch")
                .threads(1)
                .offline(true)
                .cache(folder);
        assertThat(all).isNotSameAs(plain);
        assertThat(all.id()).isEqualTo(plain.id());
        try (PretrainedModel model = all.load()) {
            assertThat(model.device()).isEqualTo(Device.cpu());
            assertThat(run(model, "logits")).containsExactly(21, 43, 64);
        }
        refused(() -> plain.threads(0), IllegalArgumentException.class, "threads", "0");
        refused(() -> plain.engine("Abacus").load(), TailorException.class, "\"Abacus\"", "PyTorch");
    }

    @Test
    void use_after_close_names_the_model() {
        PretrainedModel model = Pretrained.from(folder).load();
        model.close();
        model.close();
        refused(
                () -> run(model, "logits"),
                IllegalStateException.class,
                folder.getFileName().toString(),
                "closed");
        refused(model::block, IllegalStateException.class, "closed");
    }

    @Test
    void a_device_that_is_not_there_is_told_before_anything_is_read() throws IOException {
        config("not even JSON");
        refused(
                () -> Pretrained.from(folder).device(Device.of("mps", 0)).load(),
                EngineUnavailableException.class,
                "mps");
    }

    @Test
    void a_pipeline_that_cannot_be_made_leaves_nothing_open() {
        refused(
                () -> Pretrained.from(folder).load(Task.TEXT_CLASSIFICATION),
                TailorException.class,
                "there is no tokenizer");
        PretrainedModel given = Objects.requireNonNull(TestFamilies.GIVEN.get());
        assertThatThrownBy(given::newManager).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_task_that_the_model_cannot_do_is_refused() throws IOException {
        refused(
                () -> Pretrained.from(folder).load(Task.TEXT_EMBEDDING),
                TailorException.class,
                "TinyForMaskedLM",
                "TinyForSequenceClassification");
        refused(
                () -> Pretrained.from(folder).load(Task.IMAGE_CLASSIFICATION),
                TailorException.class,
                "image-classification",
                "tailor-zoo");
        config("{\"model_type\": \"tiny\", \"architectures\": [\"TinyForMaskedLM\"]}");
        refused(
                () -> Pretrained.from(folder).load(Task.TEXT_CLASSIFICATION),
                TailorException.class,
                "TinyForMaskedLM",
                "FineTuning");
    }

    @Test
    void a_config_that_is_not_supported_is_told_with_what_is() throws IOException {
        config("{\"model_type\": \"enormous\", \"architectures\": [\"EnormousModel\"]}");
        refused(() -> Pretrained.from(folder).load(), TailorException.class, "\"enormous\"", "[tinier, tiny]");
        config("{}");
        refused(() -> Pretrained.from(folder).load(), TailorException.class, "config.json", "model_type");
        config("{\"model_type\": ");
        refused(() -> Pretrained.from(folder).load(), TailorException.class, "config.json");
    }

    @Test
    void missing_files_and_weights_are_told() throws IOException {
        config("{\"model_type\": \"tiny\", \"hidden_size\": 3, \"architectures\": [\"TinyModel\"]}");
        refused(
                () -> Pretrained.from(folder).load(),
                WeightMismatchException.class,
                "body.weight",
                "[3, 3]",
                "[2, 2]",
                "classifier.weight");
        Files.delete(folder.resolve("model.safetensors"));
        refused(() -> Pretrained.from(folder).load(), CheckpointException.class, "model.safetensors");
        Files.delete(folder.resolve("config.json"));
        refused(() -> Pretrained.from(folder).load(), TailorException.class, "config.json");
        refused(() -> Pretrained.from("org/name"), IllegalArgumentException.class, "hf://org/name");
    }
}
