package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.tailor.engine.Network;
import dev.tailor.program.Kind;
import dev.tailor.program.Scope;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Many threads, many calls, and gradients through the DJL block. */
@Timeout(120)
class LifetimeTest {
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ ");

    private static final int THREADS = 4;

    @TempDir
    private Path folder;

    private static Map<String, Value> network(Scope s) {
        Value x = s.input("x", Kind.FLOAT, "batch", 3, "height", "width");
        Value y = s.batchNorm("norm", s.conv2d("conv", x, 8, 3, 2, 1, true), 1e-5, 0.1);
        return Map.of("logits", s.linear("fc", y.relu().mean(false, 2, 3), 5));
    }

    private static float[] logits(Network network, int call) {
        try (NDManager manager = network.newManager()) {
            // Shapes change from call to call, as those of texts do.
            NDArray x = Nets.floats(manager, 0.1 * call, 1 + call % 3, 3, 40 + call % 5, 50);
            return network.forward(Map.of("x", x)).get("logits").toFloatArray();
        }
    }

    private static <T> List<T> onThreads(Callable<T> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                futures.add(pool.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static List<float[]> calls(Network network, int count) {
        List<float[]> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(logits(network, i));
        }
        return results;
    }

    @Test
    void threads_agree_bit_for_bit_with_one_thread() throws Exception {
        try (Network network = Nets.network(Nets.onWaves(folder, LifetimeTest::network))) {
            List<float[]> alone = calls(network, 200);
            for (List<float[]> found : onThreads(() -> calls(network, 200))) {
                assertThat(found).usingElementComparator(Arrays::compare).isEqualTo(alone);
            }
        }
    }

    @Test
    void close_while_others_call_ends_in_a_clear_exception() throws Exception {
        Network network = Nets.network(Nets.onWaves(folder, LifetimeTest::network));
        float[] first = logits(network, 0);
        List<String> ends = onThreads(() -> {
            for (int i = 0; i < 10_000; i++) {
                try {
                    assertThat(logits(network, 0)).isEqualTo(first);
                } catch (IllegalStateException e) {
                    return String.valueOf(e.getMessage());
                }
                if (i == 50) {
                    network.close();
                }
            }
            return "never closed";
        });
        assertThat(ends).containsOnly("the tiny model has been closed");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void native_memory_stays_flat() throws Exception {
        try (Network network = Nets.network(Nets.onWaves(folder, LifetimeTest::network))) {
            // The allocator's pools of so many threads fill up first, and go up and down by tens of megabytes
            // afterwards.
            onThreads(() -> calls(network, 1000));
            long before = nativeKilobytes();
            onThreads(() -> calls(network, 2000));
            assertThat(nativeKilobytes() - before).isLessThan(100_000);
        }
    }

    /**
     * What the process holds beside the Java heap. A heap of a few gigabytes lies below 32 GiB, where its addresses can be
     * compressed, and nothing else does; its pages become resident as they are first used, whatever is freed.
     */
    private static long nativeKilobytes() throws IOException {
        long sum = 0;
        boolean heap = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.lookingAt()) {
                heap = Long.parseUnsignedLong(mapping.group(1), 16) < 32L << 30;
            } else if (!heap && line.startsWith("Rss:")) {
                sum += Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return sum;
    }

    @Test
    void gradients_reach_the_parameters_of_the_block() {
        TracedModel model = Nets.onWaves(folder, LifetimeTest::network);
        try (Network network = Nets.network(model);
                NDManager manager = network.newManager()) {
            Block block = network.block();
            assertThat(block.getParameters().keys())
                    .containsExactlyElementsOf(model.program().weights().keySet());
            NDArray x = Nets.floats(manager, 0, 2, 3, 8, 8);
            NDArray bias = block.getParameters().get("fc.bias").getArray();
            block.getParameters().values().forEach(p -> p.getArray().setRequiresGradient(p.requiresGradient()));
            NDArray mean = block.getParameters().get("norm.running_mean").getArray();
            float[] before = mean.toFloatArray();
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray logits = block.forward(new ParameterStore(manager, false), new NDList(x), true)
                        .singletonOrThrow();
                collector.backward(logits.sum());
            }
            // The sum of [batch, 5] grows by one per row with each bias.
            assertThat(bias.getGradient().toFloatArray()).containsExactly(2, 2, 2, 2, 2);
            NDArray weight = block.getParameters().get("conv.weight").getArray();
            assertThat(weight.getGradient().abs().sum().getFloat()).isPositive();
            assertThat(mean.toFloatArray()).isNotEqualTo(before);
        }
    }

    @Test
    void the_block_takes_inputs_by_name_again_and_again() {
        TracedModel model = Nets.onWaves(folder, s -> {
            Value x = s.linear("one", s.input("x", Kind.FLOAT, "batch", 4), 2);
            return Map.of("logits", x.sub(s.input("y", Kind.FLOAT, "batch", 2)));
        });
        try (Network network = Nets.network(model);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 3, 4);
            NDArray y = Nets.floats(manager, 1, 3, 2);
            float[] expected =
                    network.forward(Map.of("x", x, "y", y)).get("logits").toFloatArray();
            x.setName("x");
            y.setName("y");
            ParameterStore store = new ParameterStore(manager, false);
            for (boolean training : new boolean[] {true, true, false}) {
                NDList result = network.block().forward(store, new NDList(y, x), training);
                Nets.assertClose(result.singletonOrThrow().toFloatArray(), expected, 1e-6f);
            }
            x.setName(null);
            y.setName(null);
            NDList inOrder = network.block().forward(store, new NDList(x, y), false);
            Nets.assertClose(inOrder.singletonOrThrow().toFloatArray(), expected, 1e-6f);
        }
    }
}
