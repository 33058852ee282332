package dev.tailor.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.Device;
import dev.tailor.Pipeline;
import dev.tailor.Pretrained;
import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.checkpoint.CheckpointException;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.hub.HubException;
import dev.tailor.program.WeightMismatchException;
import dev.tailor.task.TextClassifier;
import dev.tailor.zoo.testing.ModelCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads when something is wrong with a model, an id or a request. */
class FrontDoorErrorsTest {
    private static final String BERT = "text/text-classification";

    @TempDir
    Path temporary;

    private ModelCopy model;

    @BeforeEach
    void copy_a_model() {
        model = ModelCopy.of(BERT, temporary.resolve("model"));
    }

    private Pretrained pretrained() {
        return Pretrained.from(model.folder());
    }

    private <I, P extends Pipeline<I, ?>> TailorException refused(Task<P> task) {
        return catchThrowableOfType(
                TailorException.class, () -> pretrained().load(task).close());
    }

    @Test
    void an_unknown_model_type_is_named_with_those_that_are_supported() {
        model.replace("config.json", "\"bert\"", "\"hyena\"");
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .hasMessageContainingAll("config.json", "\"hyena\"", "BertForSequenceClassification", "not supported")
                .hasMessageContainingAll("bert", "mobilenet_v1", "resnet", "vit");
    }

    @Test
    void a_config_without_model_type_says_so() {
        model.replace("config.json", "\"model_type\"", "\"kind\"");
        assertThat(refused(Task.TEXT_CLASSIFICATION)).hasMessageContainingAll("no \"model_type\"", "bert");
    }

    @Test
    void a_missing_config_is_named_with_the_files_that_are_there() {
        model.without("config.json");
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .hasMessageContainingAll("no file config.json", "model.safetensors", "tokenizer.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "not json", "{\"a\":1,\"a\":2}", "[1]", "null", "{} {}"})
    void a_config_that_is_no_json_object_names_the_file(String text) {
        model.write("config.json", text);
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .hasMessageContaining("config.json")
                .hasMessageContaining("JSON");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_size\": 32 | \"hidden_size\": \"big\" | \"hidden_size\" must be a number",
                "\"hidden_size\": 32 | \"hidden_size\": 32.5 | \"hidden_size\" must be a whole number",
                "\"hidden_size\": 32 | \"hidden_size\": -32 | \"hidden_size\" must be a whole number from 1",
                "\"hidden_size\": 32 | \"hidden_size\": 1e30 | \"hidden_size\" must be a whole number",
                "\"hidden_size\": 32 | \"hidden_size\": [32] | \"hidden_size\" must be a number",
                "\"num_hidden_layers\": 2 | \"num_hidden_layers\": 2000000000 | \"num_hidden_layers\" must be a whole number",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 0 | \"num_attention_heads\" must be a whole number from 1",
                "\"num_attention_heads\": 4 | \"num_attention_heads\": 5 | a width of 32 does not divide into 5 heads",
                "\"hidden_act\": \"gelu\" | \"hidden_act\": \"sine\" | activation \"sine\" is not known",
                "\"hidden_act\": \"gelu\" | \"hidden_act\": 3 | \"hidden_act\" must be a text",
                "\"model_type\": \"bert\" | \"model_type\": 7 | \"model_type\" must be a text",
                "\"BertForSequenceClassification\" | 9 | \"architectures\" must be a list of texts",
                "\"0\": \"NEGATIVE\" | \"zero\": \"NEGATIVE\" | id2label must give a text for each whole number",
                "\"0\": \"NEGATIVE\" | \"0\": [\"NEGATIVE\"] | id2label must give a text for each whole number",
                "\"0\": \"NEGATIVE\" | \"0\": {} | id2label must give a text for each whole number",
                "\"0\": \"NEGATIVE\" | \"5\": \"NEGATIVE\" | none for id 0",
                "\"layer_norm_eps\": 1e-12 | \"layer_norm_eps\": true | \"layer_norm_eps\" must be a number",
            })
    void a_config_value_that_cannot_be_is_named_with_what_is_expected(String part, String by, String message) {
        model.replace("config.json", part, by);
        assertThat(refused(Task.TEXT_CLASSIFICATION)).hasMessageContainingAll("config.json", message);
    }

    @Test
    void a_folder_without_weights_says_what_it_looked_for() {
        model.without("model.safetensors");
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("neither model.safetensors nor model.safetensors.index.json", "config.json");
    }

    @Test
    void pickled_weights_that_are_none_are_named() {
        model.without("model.safetensors").write("pytorch_model.bin", "x");
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll("pytorch_model.bin", "1 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 100, 40_000})
    void a_weight_file_that_was_cut_is_refused(int bytes) {
        model.cut("model.safetensors", bytes);
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void weights_that_do_not_fit_are_listed_all_at_once() {
        model.replace("config.json", "\"intermediate_size\": 64", "\"intermediate_size\": 65");
        model.replace("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
        TailorException problem = refused(Task.TEXT_CLASSIFICATION);
        assertThat(problem)
                .isInstanceOfSatisfying(WeightMismatchException.class, e -> {
                    assertThat(e.missing()).hasSize(16).contains("bert.encoder.layer.2.output.dense.weight");
                    assertThat(e.misshaped()).hasSize(6);
                    assertThat(e.unexpected()).isEmpty();
                })
                .hasMessageContainingAll(
                        "16 missing",
                        "bert.encoder.layer.2.attention.self.query.weight",
                        "6 of another shape",
                        "bert.encoder.layer.0.intermediate.dense.weight: expected [65, 32], found [64, 32]");
    }

    @Test
    void stored_layers_that_the_config_does_not_mention_are_refused() {
        model.replace("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .hasMessageContainingAll("16 unexpected", "bert.encoder.layer.1.output.dense.weight");
    }

    @Test
    void a_model_saved_without_the_head_is_told_from_one_that_has_it() {
        model = ModelCopy.of("text/sentence-cls", temporary.resolve("bare"));
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .hasMessageContainingAll(
                        "saved as [BertModel]", "no trained BertForSequenceClassification", "FineTuning");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BertForPreTraining", "BertLMHeadModel", "BertForMaskedLM"})
    void a_model_saved_with_another_head_is_not_taken_for_a_classifier(String saved) {
        model.replace("config.json", "BertForSequenceClassification", saved);
        assertThat(refused(Task.TEXT_CLASSIFICATION))
                .hasMessageContainingAll("saved as [" + saved + "]", "no trained BertForSequenceClassification");
    }

    @Test
    void a_text_model_does_not_classify_pictures() {
        assertThat(refused(Task.IMAGE_CLASSIFICATION))
                .hasMessageContainingAll(
                        "bert models have no BertForImageClassification",
                        "BertForSequenceClassification",
                        "BertForMaskedLM");
        assertThat(refused(Task.IMAGE_EMBEDDING)).hasMessageContainingAll("BertModel", "no features");
    }

    @Test
    void a_picture_model_does_not_read_text() {
        model = ModelCopy.of("hf/vit", temporary.resolve("vit"));
        assertThat(refused(Task.TEXT_CLASSIFICATION)).hasMessageContaining("no ViTForSequenceClassification");
        assertThat(refused(Task.TEXT_EMBEDDING)).hasMessageContainingAll("[pixel_values]", "cannot read text");
    }

    @Test
    void a_missing_or_damaged_tokenizer_names_its_file() {
        model.cut("tokenizer.json", 500);
        assertThat(refused(Task.TEXT_CLASSIFICATION)).hasMessageContainingAll("tokenizer.json", "not a tokenizer");
        model.write("tokenizer.json", "");
        assertThat(refused(Task.TEXT_CLASSIFICATION)).hasMessageContainingAll("tokenizer.json", "not a tokenizer");
        model.without("tokenizer.json");
        assertThat(refused(Task.TEXT_CLASSIFICATION)).hasMessageContainingAll("no file tokenizer.json", "config.json");
    }

    @Test
    void a_missing_image_processor_names_its_file() {
        model = ModelCopy.of("hf/vit", temporary.resolve("vit"));
        assertThat(refused(Task.IMAGE_CLASSIFICATION)).hasMessageContaining("no file preprocessor_config.json");
    }

    @Test
    void a_bare_name_is_answered_with_the_corrected_form() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pretrained.from("distilbert/distilbert-base-uncased"))
                .withMessageContaining("\"hf://distilbert/distilbert-base-uncased\"")
                .withMessageContaining("does not say where");
    }

    @Test
    void an_unknown_scheme_is_answered_with_the_known_ones() {
        assertThatThrownBy(() -> Pretrained.from("moon://base/model").load())
                .isInstanceOf(HubException.class)
                .hasMessageContainingAll("\"moon\"", "hf", "file", "bundled");
    }

    @Test
    void a_folder_that_is_not_there_is_named() throws IOException {
        Path nowhere = temporary.resolve("nowhere");
        assertThatThrownBy(() -> Pretrained.from(nowhere).load())
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("nowhere", "does not exist");
        Path file = Files.writeString(temporary.resolve("file"), "x");
        assertThatThrownBy(() -> Pretrained.from(file).load()).hasMessageContaining("is a file; give its folder");
    }

    @Test
    void an_unknown_engine_is_answered_with_the_known_ones() {
        assertThatThrownBy(() -> pretrained().engine("Abacus").load())
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("\"Abacus\"", "PyTorch");
    }

    @Test
    void a_gpu_that_is_not_there_is_refused_with_the_way_out() {
        assertThatThrownBy(() -> pretrained().device(Device.gpu()).load())
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContainingAll("gpu(0) was asked for", "Device.cpu()");
    }

    @Test
    void use_after_close_names_the_model() {
        TextClassifier classifier = pretrained().load(Task.TEXT_CLASSIFICATION);
        classifier.close();
        classifier.close();
        assertThatThrownBy(() -> classifier.classify("too late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("model", "closed");
        PretrainedModel network = pretrained().load();
        network.close();
        network.close();
        assertThatThrownBy(network::newManager)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("model", "closed");
        assertThatThrownBy(network::block).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void raw_inputs_that_do_not_fit_are_told_in_the_models_terms() {
        try (PretrainedModel network = pretrained().load();
                var manager = network.newManager()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.forward(Map.of("pixels", manager.create(1))))
                    .withMessageContaining("input_ids")
                    .withMessageContaining("[pixels]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network.forward(Map.of("input_ids", manager.create(new long[1][49]))))
                    .withMessageContaining("49 long")
                    .withMessageContaining("at most 48");
        }
    }
}
