package dev.tailor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a checkpoint fits a network is told at once and in full. */
class TracedModelTest {
    private static final ModelConfig CLASSIFIER =
            ModelConfig.parse("{\"architectures\": [\"TinyForSequenceClassification\"]}", "config.json");
    private static final Architecture TINY = Architecture.of(
                    "tiny", "Tiny", config -> config, (scope, config, head) -> tiny(scope, head))
            .prefix("tiny")
            .heads(Head.SEQUENCE_CLASSIFICATION, Head.MASKED_LM)
            .headKeys("classifier")
            .ignorable("pooler");

    @TempDir
    private Path folder;

    private static Map<String, Value> tiny(Scope root, Head head) {
        Scope tiny = head == Head.BASE ? root : root.sub("tiny");
        Value ids = root.input("input_ids", Kind.INTEGER, "batch", "length");
        root.atMost("length", 512);
        Value x = tiny.embedding("embeddings.word_embeddings", ids, 10, 4);
        for (int i = 0; i < 2; i++) {
            x = tiny.sub("encoder.layer", i).linear("dense", x, 4).add(x);
            x = tiny.sub("encoder.layer", i).layerNorm("LayerNorm", x, 1e-12);
        }
        if (head == Head.SEQUENCE_CLASSIFICATION) {
            return Map.of("logits", root.linear("classifier", root.features(x.select(1, 0)), 3));
        } else if (head == Head.MASKED_LM) {
            root.tied("cls.decoder.weight");
            Value table = tiny.sub("embeddings.word_embeddings").weight("weight", Init.zeros(), 10, 4);
            return Map.of("logits", root.linear(x, table, root.weight("cls.bias", Init.zeros(), 10)));
        }
        return Map.of("last_hidden_state", x);
    }

    /** The tensors of a classifier, as the reference saves them. */
    private static Map<String, List<Long>> saved() {
        Map<String, List<Long>> names = new LinkedHashMap<>();
        names.put("tiny.embeddings.word_embeddings.weight", List.of(10L, 4L));
        for (int i = 0; i < 2; i++) {
            names.put("tiny.encoder.layer." + i + ".dense.weight", List.of(4L, 4L));
            names.put("tiny.encoder.layer." + i + ".dense.bias", List.of(4L));
            names.put("tiny.encoder.layer." + i + ".LayerNorm.weight", List.of(4L));
            names.put("tiny.encoder.layer." + i + ".LayerNorm.bias", List.of(4L));
        }
        names.put("classifier.weight", List.of(3L, 4L));
        names.put("classifier.bias", List.of(3L));
        return names;
    }

    private Checkpoint checkpoint(Map<String, List<Long>> names) {
        List<TensorData> tensors = new ArrayList<>();
        names.forEach((name, shape) -> {
            float[] values =
                    new float[(int) shape.stream().reduce(1L, (a, b) -> a * b).longValue()];
            Arrays.fill(values, tensors.size() + 1);
            tensors.add(TensorData.of(name, shape, values));
        });
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, tensors, Map.of());
        return Safetensors.read(file);
    }

    private TracedModel.Request request(Head head, Map<String, List<Long>> names) {
        return TracedModel.of(TINY, CLASSIFIER, head, checkpoint(names), "hf://org/tiny");
    }

    private static WeightMismatchException mismatch(TracedModel.Request request) {
        return catchThrowableOfType(WeightMismatchException.class, request::trace);
    }

    @Test
    void a_checkpoint_that_fits_is_taken_as_it_is() {
        TracedModel model = request(Head.SEQUENCE_CLASSIFICATION, saved()).trace();
        assertThat(model.program().weights().keySet()).containsExactlyElementsOf(saved().keySet());
        assertThat(model.ignored()).isEmpty();
        assertThat(model.program().main().limits()).containsExactly(Map.entry("length", 512L));
        WeightSpec bias = model.program().weights().get("classifier.bias");
        assertThat(model.weights().floats(bias)).containsExactly(11, 11, 11);
    }

    @Test
    void all_that_does_not_fit_is_told_at_once_with_the_nearest_names() {
        Map<String, List<Long>> names = saved();
        names.remove("tiny.encoder.layer.0.dense.weight");
        names.put("tiny.encoder.layer.0.dnese.weight", List.of(4L, 4L));
        names.remove("tiny.encoder.layer.1.LayerNorm.bias");
        names.put("classifier.weight", List.of(5L, 4L));
        names.put("tiny.encoder.layer.2.dense.bias", List.of(4L));

        WeightMismatchException e = mismatch(request(Head.SEQUENCE_CLASSIFICATION, names));

        assertThat(e.missing())
                .containsExactly("tiny.encoder.layer.0.dense.weight", "tiny.encoder.layer.1.LayerNorm.bias");
        assertThat(e.unexpected())
                .containsExactlyInAnyOrder("tiny.encoder.layer.0.dnese.weight", "tiny.encoder.layer.2.dense.bias");
        assertThat(e.misshaped()).singleElement().asString().contains("classifier.weight", "[3, 4]", "[5, 4]");
        assertThat(e)
                .hasMessageContainingAll(
                        "hf://org/tiny",
                        "2 missing",
                        "1 of another shape",
                        "2 unexpected",
                        "layer.0.dense.weight [4, 4] (is it \"tiny.encoder.layer.0.dnese.weight\"?)",
                        "model.safetensors");
    }

    @Test
    void a_message_stays_readable_and_the_lists_complete() {
        Map<String, List<Long>> names = saved();
        for (int i = 0; i < 100; i++) {
            names.put("tiny.stray." + i, List.of(1L));
        }
        WeightMismatchException e = mismatch(request(Head.SEQUENCE_CLASSIFICATION, names));
        assertThat(e.unexpected()).hasSize(100);
        assertThat(e).hasMessageContaining("100 unexpected").hasMessageContaining("and 80 more");
        assertThat(e.getMessage().lines()).hasSizeLessThan(30);
    }

    @Test
    void what_old_writers_saved_beside_the_weights_is_tolerated() {
        Map<String, List<Long>> names = saved();
        names.put("tiny.embeddings.position_ids", List.of(1L, 512L));
        names.put("tiny.norm.num_batches_tracked", List.of());
        names.put("tiny.pooler.dense.weight", List.of(4L, 4L));
        TracedModel model = request(Head.SEQUENCE_CLASSIFICATION, names).trace();
        assertThat(model.program().weights()).hasSize(11);
        assertThat(model.ignored()).containsExactly("tiny.pooler.dense.weight");
        // A name that only ends alike is no such buffer.
        names.put("tiny.cross_attn.bias", List.of(4L));
        names.put("tiny.my_position_ids", List.of(4L));
        assertThat(mismatch(request(Head.SEQUENCE_CLASSIFICATION, names)).unexpected())
                .containsExactlyInAnyOrder("tiny.cross_attn.bias", "tiny.my_position_ids");
    }

    @Test
    void the_prefix_may_be_missing_or_more() {
        Map<String, List<Long>> bare = new LinkedHashMap<>();
        saved().forEach((name, shape) -> bare.put(name.replace("tiny.", ""), shape));
        TracedModel classifier = request(Head.SEQUENCE_CLASSIFICATION, bare).trace();
        assertThat(classifier
                        .program()
                        .weights()
                        .get("tiny.encoder.layer.0.dense.bias")
                        .stored())
                .isEqualTo("encoder.layer.0.dense.bias");

        TracedModel backbone = request(Head.BASE, saved()).trace();
        assertThat(backbone.program()
                        .weights()
                        .get("encoder.layer.0.dense.bias")
                        .stored())
                .isEqualTo("tiny.encoder.layer.0.dense.bias");
        assertThat(backbone.ignored()).containsExactlyInAnyOrder("classifier.weight", "classifier.bias");
    }

    @Test
    void old_spellings_of_layer_normalisation_are_understood() {
        Map<String, List<Long>> old = new LinkedHashMap<>();
        saved().forEach((name, shape) -> old.put(
                name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
                shape));
        TracedModel model = request(Head.SEQUENCE_CLASSIFICATION, old).trace();
        Map<String, WeightSpec> weights = model.program().weights();
        assertThat(weights.get("tiny.encoder.layer.1.LayerNorm.weight").stored())
                .endsWith("LayerNorm.gamma");
        assertThat(weights.get("tiny.encoder.layer.1.LayerNorm.bias").stored()).endsWith("LayerNorm.beta");
    }

    @Test
    void old_spellings_of_any_normalisation_within_any_wrapper_are_understood() {
        Map<String, List<Long>> old = new LinkedHashMap<>();
        saved().forEach((name, shape) -> old.put(
                "model.net." + name.replace("dense.weight", "dense.gamma").replace("dense.bias", "dense.beta"), shape));
        old.put("n_averaged", List.of());
        old.put("model.net.tiny.layers.attn_mask", List.of(1L));
        TracedModel model = request(Head.SEQUENCE_CLASSIFICATION, old).trace();
        assertThat(model.program()
                        .weights()
                        .get("tiny.encoder.layer.1.dense.weight")
                        .stored())
                .isEqualTo("model.net.tiny.encoder.layer.1.dense.gamma");
        assertThat(model.ignored()).isEmpty();

        TracedModel backbone = request(Head.BASE, old).trace();
        assertThat(backbone.ignored())
                .containsExactlyInAnyOrder("model.net.classifier.weight", "model.net.classifier.bias");
    }

    @Test
    void numbers_that_are_no_floats_are_refused_as_weights() {
        List<TensorData> tensors = new ArrayList<>();
        saved().forEach((name, shape) -> {
            int count = (int) shape.stream().reduce(1L, (a, b) -> a * b).longValue();
            tensors.add(
                    name.equals("classifier.bias")
                            ? TensorData.of(name, shape, new long[count])
                            : TensorData.of(name, shape, new float[count]));
        });
        Path file = folder.resolve("whole.safetensors");
        Safetensors.write(file, tensors, Map.of());

        WeightMismatchException e = mismatch(
                TracedModel.of(TINY, CLASSIFIER, Head.SEQUENCE_CLASSIFICATION, Checkpoint.open(file), "hf://org/tiny"));
        assertThat(e.misshaped()).singleElement().asString().contains("classifier.bias", "floating-point", "I64");
    }

    @Test
    void tied_weights_are_no_surprise() {
        Map<String, List<Long>> names = saved();
        names.remove("classifier.weight");
        names.remove("classifier.bias");
        names.put("cls.bias", List.of(10L));
        names.put("cls.decoder.weight", List.of(10L, 4L));
        ModelConfig config = ModelConfig.parse("{\"architectures\": [\"TinyForMaskedLM\"]}", "config.json");
        TracedModel model = TracedModel.of(TINY, config, Head.MASKED_LM, checkpoint(names), "tied")
                .trace();
        assertThat(model.ignored()).isEmpty();
        assertThat(model.program().weights()).doesNotContainKey("cls.decoder.weight");
    }

    @Test
    void a_new_head_takes_the_place_of_what_is_missing_only_when_allowed() {
        Map<String, List<Long>> names = saved();
        names.remove("classifier.weight");
        names.remove("classifier.bias");
        names.put("cls.bias", List.of(10L));
        assertThat(mismatch(request(Head.SEQUENCE_CLASSIFICATION, names)).missing())
                .containsExactly("classifier.bias", "classifier.weight");
        TracedModel model = request(Head.SEQUENCE_CLASSIFICATION, names)
                .allowNewHeads()
                .seed(5)
                .trace();
        WeightSpec weight = model.program().weights().get("classifier.weight");
        assertThat(weight.isNew()).isTrue();
        assertThat(model.ignored()).containsExactly("cls.bias");
        float[] values = model.weights().floats(weight);
        assertThat(values).hasSize(12).doesNotHaveDuplicates();
        TracedModel again = request(Head.SEQUENCE_CLASSIFICATION, names)
                .allowNewHeads()
                .seed(5)
                .trace();
        assertThat(again.weights().floats(weight)).isEqualTo(values);
        TracedModel other = request(Head.SEQUENCE_CLASSIFICATION, names)
                .allowNewHeads()
                .seed(6)
                .trace();
        assertThat(other.weights().floats(weight)).isNotEqualTo(values);
        // A backbone that lacks something is never filled up.
        names.remove("tiny.encoder.layer.0.dense.bias");
        assertThat(mismatch(request(Head.SEQUENCE_CLASSIFICATION, names).allowNewHeads())
                        .missing())
                .containsExactly("tiny.encoder.layer.0.dense.bias");
    }

    @Test
    void renewed_weights_leave_the_stored_ones_aside() {
        Map<String, List<Long>> names = saved();
        names.put("classifier.weight", List.of(7L, 4L));
        TracedModel model = request(Head.SEQUENCE_CLASSIFICATION, names)
                .renew(List.of("classifier"))
                .allowNewHeads()
                .trace();
        assertThat(model.program().weights().get("classifier.bias").isNew()).isTrue();
        assertThat(model.program()
                        .weights()
                        .get("tiny.encoder.layer.0.dense.bias")
                        .isNew())
                .isFalse();
    }

    @Test
    void features_are_an_output_on_request() {
        TracedModel plain = request(Head.SEQUENCE_CLASSIFICATION, saved()).trace();
        assertThat(plain.hasFeatures()).isFalse();
        TracedModel model =
                request(Head.SEQUENCE_CLASSIFICATION, saved()).withFeatures().trace();
        assertThat(model.hasFeatures()).isTrue();
        assertThat(model.program().main().outputs().get("features").shape()).hasToString("[batch, 4]");
    }

    @Test
    void numbers_of_a_config_that_contradict_each_other_are_told_with_the_model() {
        Architecture broken = Architecture.of("broken", "Broken", c -> c, (scope, c, head) -> {
            Value x = scope.input("x", Kind.FLOAT, "batch", 6);
            return Map.of("y", x.reshape(x.size(0), c.integer("heads", 4), 6 / c.integer("heads", 4)));
        });
        for (String heads : List.of("0", "7", "-1")) {
            ModelConfig config = ModelConfig.parse("{\"heads\": " + heads + "}", "config.json");
            assertThatThrownBy(() -> TracedModel.of(broken, config, Head.BASE, Checkpoint.empty(), "hf://org/broken")
                            .trace())
                    .isExactlyInstanceOf(TailorException.class)
                    .hasMessageContainingAll("hf://org/broken", "config.json", "BrokenModel");
        }
    }

    @Test
    void a_config_that_asks_for_endless_layers_ends() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> Traces.trace(scope -> {
                            Value x = scope.input("x", Kind.FLOAT, "batch");
                            while (true) {
                                x = x.add(1);
                            }
                        }))
                        .isInstanceOf(TailorException.class)
                        .hasMessageContaining("operations"));
    }

    @Test
    void sixty_levels_of_computed_borders_trace_fast() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            TracedModel model = Traces.trace(scope -> {
                Value left = scope.input("x", Kind.FLOAT, "batch", 2, "height", "width");
                Value right = left.add(1);
                for (int i = 0; i < 60; i++) {
                    left = level(scope.sub("left", i), left);
                    right = level(scope.sub("right", i), right);
                }
                return Map.of("y", left.add(right));
            });
            assertThat(model.program().weights()).hasSize(120);
            Value y = model.program().main().outputs().get("y");
            assertThat(y.inputs().get(0).shape()).isEqualTo(y.inputs().get(1).shape());
            assertThat(y.toString()).hasSizeLessThan(500);
        });
    }

    private static Value level(Scope scope, Value x) {
        Size vertical = border(x.size(2));
        Size horizontal = border(x.size(3));
        Size top = vertical.floorDiv(2);
        Size left = horizontal.floorDiv(2);
        Value padded = x.pad2d(top, vertical.minus(top), left, horizontal.minus(left), 0);
        return scope.conv2d("conv", padded, 2, 3, 2, 0, false);
    }

    private static Size border(Size side) {
        return Size.of(3).minus(side.minus(1).mod(2).plus(1)).max(0);
    }

    @Test
    void a_weight_has_one_shape() {
        assertThatThrownBy(() -> Traces.trace(scope -> {
                    Value a = scope.weight("w", Init.zeros(), 4);
                    return Map.of("y", a.add(scope.weight("w", Init.zeros(), 1)));
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("w", "[4]", "[1]");
    }
}
