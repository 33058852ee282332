package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.Precision;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.engine.Network;
import dev.tailor.program.Kind;
import dev.tailor.program.Scope;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model that is loaded twice holds its weights once. */
@Timeout(60)
class SharedWeightsTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    private Path folder;

    private final int before = SharedModules.process().size();

    private static Map<String, Value> network(Scope s) {
        return Map.of("logits", s.linear("fc", s.input("x", Kind.FLOAT, "batch", 4), 3));
    }

    /** Writes the file if there is none, and traces over it anew, as another load does. */
    private TracedModel model() throws IOException {
        Path file = folder.resolve("model.safetensors");
        if (!Files.exists(file)) {
            Nets.onWaves(folder, SharedWeightsTest::network);
            Files.setLastModifiedTime(file, LONG_AGO);
        }
        return Nets.request(Safetensors.read(file), SharedWeightsTest::network).trace();
    }

    private static Network load(TracedModel model, Precision precision) {
        return new TorchEngine().inference(model, Nets.settings(precision, 0));
    }

    private static float[] logits(Network network) {
        try (NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 2, 4);
            return network.forward(Map.of("x", x)).get("logits").toFloatArray();
        }
    }

    private int loaded() {
        return SharedModules.process().size() - before;
    }

    @Test
    void the_second_network_takes_the_first_ones_weights_and_outlives_it() throws IOException {
        Network first = load(model(), Precision.FLOAT32);
        float[] expected = logits(first);
        Network second = load(model(), Precision.FLOAT32);
        assertThat(loaded()).isEqualTo(1);

        first.close();
        first.close();

        assertThat(logits(second)).isEqualTo(expected);
        assertThatThrownBy(() -> logits(first))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tiny model has been closed");
        second.close();
        assertThat(loaded()).isZero();
        try (Network third = load(model(), Precision.FLOAT32)) {
            assertThat(logits(third)).isEqualTo(expected);
        }
    }

    @Test
    void another_precision_or_a_changed_file_is_another_model() throws IOException {
        try (Network single = load(model(), Precision.FLOAT32);
                Network half = load(model(), Precision.BFLOAT16)) {
            assertThat(loaded()).isEqualTo(2);
            float[] expected = logits(single);
            assertThat(logits(half)).containsExactly(expected, within(0.1f));

            Files.delete(folder.resolve("model.safetensors"));
            TracedModel changed = model();
            Files.setLastModifiedTime(folder.resolve("model.safetensors"), FileTime.fromMillis(1_100_000_000_000L));
            try (Network other = load(changed, Precision.FLOAT32)) {
                assertThat(loaded()).isEqualTo(3);
                assertThat(logits(other)).isEqualTo(expected);
            }
        }
    }

    @Test
    void a_file_that_may_still_change_is_not_shared() throws IOException {
        model();
        Path file = folder.resolve("model.safetensors");
        Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 100_000));

        try (Network network = load(model(), Precision.FLOAT32)) {
            assertThat(loaded()).isZero();
            assertThat(logits(network)).hasSize(6);
        }
    }

    @Test
    void blocks_are_never_shared() throws IOException {
        try (Network first = load(model(), Precision.FLOAT32);
                Network second = load(model(), Precision.FLOAT32)) {
            assertThat(first.block()).isNotSameAs(second.block());
            NDArray bias = first.block().getParameters().get("fc.bias").getArray();
            bias.addi(1);
            assertThat(second.block().getParameters().get("fc.bias").getArray().toFloatArray())
                    .isNotEqualTo(bias.toFloatArray());
        }
    }

    @Test
    void threads_may_load_and_close_at_once() throws Exception {
        float[] expected;
        try (Network network = load(model(), Precision.FLOAT32)) {
            expected = logits(network);
        }
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            tasks.add(new FutureTask<>(() -> {
                for (int i = 0; i < 20; i++) {
                    try (Network network = load(model(), Precision.FLOAT32)) {
                        assertThat(logits(network)).isEqualTo(expected);
                    }
                }
                return 20;
            }));
        }
        tasks.forEach(t -> new Thread(t).start());
        for (FutureTask<Integer> task : tasks) {
            assertThat(task.get()).isEqualTo(20);
        }
        assertThat(loaded()).isZero();
    }

    @Test
    void only_weights_that_are_used_as_they_are_stay_mapped() {
        TracedModel model = Nets.onWaves(folder, s -> {
            Value ids = s.input("x", Kind.INTEGER, "batch", "length");
            Value words = s.embedding("words", ids, 9, 4);
            Value hidden = s.layerNorm("norm", s.linear("fc", words, 4), 1e-5);
            return Map.of("logits", hidden.add(s.linear("tied", words, 4)));
        });
        InferenceText text = InferenceText.of(
                model.program(),
                BoundWeights.conversions(model, Types.FLOAT32),
                Target.packing(Types.FLOAT32, List.of(new FloatLinear())));

        assertThat(model.program().weights().keySet().stream().filter(text::borrows))
                .containsExactlyInAnyOrder("words.weight", "fc.bias", "norm.weight", "norm.bias", "tied.bias");
        InferenceText plain = InferenceText.of(
                model.program(), BoundWeights.conversions(model, Types.FLOAT32), Target.plain(Types.FLOAT32, "cpu"));
        assertThat(model.program().weights().keySet()).allMatch(plain::borrows);
    }
}
