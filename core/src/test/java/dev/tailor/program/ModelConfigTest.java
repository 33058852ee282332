package dev.tailor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {

    private static ModelConfig config(String json) {
        return ModelConfig.parse(json, "models/x/config.json");
    }

    private static void refused(String json, Function<ModelConfig, ?> read, String... parts) {
        assertThatThrownBy(() -> read.apply(config(json)))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("models/x/config.json")
                .hasMessageContainingAll(parts);
    }

    @Test
    void values_are_read_by_type() {
        ModelConfig c = config("{\"n\": 3, \"wide\": 1e3, \"eps\": 1e-12, \"act\": \"gelu\", \"flag\": true,"
                + " \"sizes\": [1, 2], \"model_type\": \"bert\"}");
        assertThat(c.integer("n", 9)).isEqualTo(3);
        assertThat(c.integer("wide", 9)).isEqualTo(1000);
        assertThat(c.number("eps", 9)).isEqualTo(1e-12);
        assertThat(c.number("n", 9)).isEqualTo(3);
        assertThat(c.text("act", "relu")).isEqualTo("gelu");
        assertThat(c.flag("flag", false)).isTrue();
        assertThat(c.integers("sizes", List.of())).containsExactly(1L, 2L);
        assertThat(c.integers("n", List.of())).containsExactly(3L);
        assertThat(c.modelType()).isEqualTo("bert");
    }

    @Test
    void what_is_absent_or_null_takes_the_default() {
        ModelConfig c = config("{\"a\": null}");
        for (String key : List.of("a", "b")) {
            assertThat(c.has(key)).isFalse();
            assertThat(c.integer(key, 7)).isEqualTo(7);
            assertThat(c.number(key, 0.5)).isEqualTo(0.5);
            assertThat(c.text(key, "x")).isEqualTo("x");
            assertThat(c.flag(key, true)).isTrue();
            assertThat(c.integers(key, List.of(4L))).containsExactly(4L);
        }
        assertThat(c.modelType()).isEmpty();
        assertThat(c.architectures()).isEmpty();
        assertThat(c.head()).isEmpty();
    }

    @Test
    void a_value_of_the_wrong_type_is_told_with_file_key_and_value() {
        refused("{\"n\": \"3\"}", c -> c.integer("n", 0), "\"n\"", "a number", "\"3\"");
        refused("{\"n\": 1.5}", c -> c.integer("n", 0), "whole number", "1.5");
        refused("{\"n\": 1e40}", c -> c.integer("n", 0), "2^53");
        refused("{\"n\": true}", c -> c.number("n", 0), "a number", "true");
        refused("{\"n\": 1}", c -> c.text("n", ""), "a text");
        refused("{\"n\": \"true\"}", c -> c.flag("n", false), "true or false");
        refused("{\"n\": [1, 2.5]}", c -> c.integers("n", List.of()), "list of whole numbers");
        refused("{\"n\": [1, \"2\"]}", c -> c.integers("n", List.of()), "list of whole numbers");
        refused("{\"architectures\": [null]}", ModelConfig::architectures, "architectures");
        refused("{\"architectures\": \"Bert\"}", ModelConfig::architectures, "architectures");
        refused("{\"model_type\": 4}", ModelConfig::modelType, "model_type");
    }

    @Test
    void labels_come_in_the_order_of_their_ids() {
        assertThat(config(
                                "{\"id2label\": {\"1\": \"b\", \"0\": \"a\", \"10\": \"k\", \"2\": \"c\", \"3\": \"d\","
                                        + " \"4\": \"e\", \"5\": \"f\", \"6\": \"g\", \"7\": \"h\", \"8\": \"i\", \"9\": \"j\"}}")
                        .labels())
                .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k");
        assertThat(config("{\"id2label\": {\"0\": 0, \"1\": 1}}").labels()).containsExactly("0", "1");
        assertThat(config("{\"num_labels\": 3}").labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
        assertThat(config("{\"num_labels\": 3, \"id2label\": {\"0\": \"only\"}}")
                        .labelCount())
                .isEqualTo(1);
        assertThat(config("{}").labels()).containsExactly("LABEL_0", "LABEL_1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id2label\": {\"0\": \"a\", \"2\": \"c\"}}",
                "{\"id2label\": {\"1\": \"a\"}}",
                "{\"id2label\": {\"x\": \"a\"}}",
                "{\"id2label\": {\"0\": \"a\", \"00\": \"b\"}}",
                "{\"id2label\": {\"-1\": \"a\"}}",
                "{\"id2label\": {\"0\": null}}",
                "{\"id2label\": {\"0\": []}}",
                "{\"id2label\": {\"0\": {}}}",
                "{\"id2label\": [\"a\", \"b\"]}",
                "{\"num_labels\": -1}",
                "{\"num_labels\": 100000000000}"
            })
    void labels_that_cannot_be_meant_are_refused(String json) {
        refused(json, ModelConfig::labels, "label");
    }

    @Test
    void a_new_head_brings_labels_and_class() {
        ModelConfig c = config("{\"model_type\": \"bert\", \"num_labels\": 5, \"architectures\": [\"BertModel\"],"
                        + " \"id2label\": {\"0\": \"old\"}}")
                .withHead("BertForSequenceClassification", List.of("no", "yes"));
        assertThat(c.labels()).containsExactly("no", "yes");
        assertThat(c.head()).contains(Head.SEQUENCE_CLASSIFICATION);
        assertThat(c.has("num_labels")).isFalse();
        assertThat(config(c.toJson()).labels()).containsExactly("no", "yes");
        assertThat(c.toJson()).contains("\"label2id\"").contains("\"yes\": 1").endsWith("}\n");
        assertThat(c.with("_name", "x").text("_name", "")).isEqualTo("x");
    }

    @Test
    void the_first_known_class_names_the_head() {
        assertThat(config("{\"architectures\": [\"BertForNothing\", \"BertForMaskedLM\"]}")
                        .head())
                .contains(Head.MASKED_LM);
        assertThat(config("{\"architectures\": [\"ViTModel\"]}").head()).contains(Head.BASE);
    }
}
