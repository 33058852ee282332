package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.tailor.Precision;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.JoinedCheckpoint;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.checkpoint.TensorData;
import dev.tailor.engine.Network;
import dev.tailor.program.Adapter;
import dev.tailor.program.AdapterTargets;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Different modules over the same stored tensors hold them once. */
@Timeout(60)
class SharedTensorsTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
    private static final Adapter ADAPTER = new Adapter(
            2,
            4,
            false,
            0,
            new AdapterTargets(List.of("first", "second"), "", List.of(), List.of(), List.of()),
            List.of(),
            Map.of(),
            Map.of());
    /** Two packed weights, two biases and a table. */
    private static final int BASE = 5;
    /** Two thin matrices for each of two layers. */
    private static final int OWN = 4;

    @TempDir
    private Path folder;

    private final int before = SharedTensors.process().size();

    private static Map<String, Value> network(Scope s) {
        Value x = s.embedding("words", s.input("x", Kind.INTEGER, "batch", "length"), 5, 4);
        return Map.of("logits", s.linear("second", s.linear("first", x, 6).tanh(), 3));
    }

    @BeforeEach
    void writes_base_and_adapters() throws IOException {
        Nets.onWaves(folder, SharedTensorsTest::network);
        for (int i = 0; i < 2; i++) {
            List<TensorData> tensors = new ArrayList<>();
            for (String name : List.of("first", "second")) {
                long in = name.equals("first") ? 4 : 6;
                long out = name.equals("first") ? 6 : 3;
                tensors.add(TensorData.of(name + ".lora_A.weight", List.of(2L, in), Nets.wave((int) (2 * in), 3 + i)));
                tensors.add(
                        TensorData.of(name + ".lora_B.weight", List.of(out, 2L), Nets.wave((int) (2 * out), 5 + i)));
            }
            Safetensors.write(file("adapter" + i), tensors, Map.of());
            Files.setLastModifiedTime(file("adapter" + i), LONG_AGO);
        }
        Files.setLastModifiedTime(file("model"), LONG_AGO);
    }

    private Path file(String name) {
        return folder.resolve(name + ".safetensors");
    }

    private TracedModel.Request request(int adapter) {
        Checkpoint both =
                new JoinedCheckpoint(Safetensors.read(file("model")), Safetensors.read(file("adapter" + adapter)));
        return Nets.request(both, SharedTensorsTest::network);
    }

    private Network base() {
        return load(Nets.request(Safetensors.read(file("model")), SharedTensorsTest::network));
    }

    private static Network load(TracedModel.Request request) {
        return new TorchEngine().inference(request.trace(), Nets.settings(Precision.FLOAT32, 0));
    }

    private static float[] logits(Network network) {
        try (NDManager manager = network.newManager()) {
            return network.forward(Map.of("x", Nets.ids(manager, 2, 3)))
                    .get("logits")
                    .toFloatArray();
        }
    }

    private int held() {
        return SharedTensors.process().size() - before;
    }

    @Test
    void adapters_beside_a_base_share_every_weight_of_it() {
        float[][] merged = new float[2][];
        for (int i = 0; i < 2; i++) {
            try (Network network = load(request(i).merged(ADAPTER))) {
                merged[i] = logits(network);
            }
        }
        assertThat(held()).isZero();
        Network plain = base();
        float[] expected = logits(plain);
        assertThat(held()).isEqualTo(BASE);

        Network first = load(request(0).attached(ADAPTER));
        assertThat(held()).isEqualTo(BASE + OWN);
        Network second = load(request(1).attached(ADAPTER));
        assertThat(held()).isEqualTo(BASE + 2 * OWN);
        assertThat(SharedTensors.process().size(3)).isEqualTo(BASE);

        Nets.assertClose(logits(first), merged[0], 1e-5f);
        Nets.assertClose(logits(second), merged[1], 1e-5f);
        assertThat(merged[0]).isNotEqualTo(merged[1]);
        assertThat(logits(plain)).isEqualTo(expected);

        first.close();
        plain.close();
        assertThat(held()).isEqualTo(BASE + OWN);
        Nets.assertClose(logits(second), merged[1], 1e-5f);
        second.close();
        assertThat(held()).isZero();
    }

    @Test
    void merged_adapters_share_what_they_do_not_change() {
        try (Network first = load(request(0).merged(ADAPTER));
                Network second = load(request(1).merged(ADAPTER))) {
            assertThat(SharedTensors.process().size(2)).isEqualTo(3);
            assertThat(logits(first)).isNotEqualTo(logits(second));
        }
        assertThat(held()).isZero();
    }

    @Test
    void a_file_that_may_still_change_is_not_shared() throws IOException {
        Files.setLastModifiedTime(file("model"), FileTime.fromMillis(System.currentTimeMillis() + 100_000));
        try (Network network = load(request(0).attached(ADAPTER))) {
            assertThat(held()).isEqualTo(OWN);
            assertThat(logits(network)).hasSize(18);
        }
        assertThat(held()).isZero();
    }

    @Test
    void threads_that_load_at_once_share_and_free_everything() throws Exception {
        float[][] expected = new float[2][];
        for (int i = 0; i < 2; i++) {
            try (Network network = load(request(i).attached(ADAPTER))) {
                expected[i] = logits(network);
            }
        }
        List<FutureTask<Integer>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int own = t % 2;
            tasks.add(new FutureTask<>(() -> {
                for (int i = 0; i < 15; i++) {
                    try (Network network = load(request(own).attached(ADAPTER))) {
                        assertThat(logits(network)).isEqualTo(expected[own]);
                    }
                }
                return 15;
            }));
        }
        tasks.forEach(t -> new Thread(t).start());
        for (FutureTask<Integer> task : tasks) {
            assertThat(task.get()).isEqualTo(15);
        }
        assertThat(held()).isZero();
    }
}
