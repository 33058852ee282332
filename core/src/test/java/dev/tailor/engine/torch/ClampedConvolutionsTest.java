package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import dev.tailor.Precision;
import dev.tailor.engine.Engine.Settings;
import dev.tailor.engine.Network;
import dev.tailor.program.Kind;
import dev.tailor.program.Op.Unary.Function;
import dev.tailor.program.Scope;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks of thin layers run on XNNPACK's convolutions and give what plain ones give. */
class ClampedConvolutionsTest {
    private static final Settings SETTINGS = new Settings("thin", Device.cpu(), Precision.FLOAT32, 0);

    @TempDir
    private Path folder;

    @BeforeEach
    void the_kernels_are_there() {
        Assumptions.assumeTrue(PackedKernels.work(Types.FLOAT32) && ClampedKernels.work());
    }

    private TracedModel thin(int channels) {
        return Nets.onWaves(folder, s -> {
            Value x = s.input("x", Kind.FLOAT, "batch", channels, "height", "width");
            Value stem = s.conv2d("stem", x, 8, 3, 2, 1, true).apply(Function.RELU);
            Value wide = s.conv2d("wide", stem, 24, 1, 1, 0, false).apply(Function.RELU6);
            Value deep = s.conv2d("deep", wide, 24, 3, 1, 1, 24, true).apply(Function.RELU6);
            Value sum = s.conv2d("thin", deep, 8, 1, 1, 0, true).add(stem);
            return Map.of("map", sum, "y", s.linear("head", sum.mean(false, 2, 3), 5));
        });
    }

    private static boolean clamped(TracedModel model, Settings settings) {
        return Target.of(settings, model.program()).clamped();
    }

    private static void same(Map<String, NDArray> found, NDList expected) {
        assertThat(found).hasSize(expected.size());
        for (NDArray e : expected) {
            assertThat(found.get(e.getName()).toFloatArray()).containsExactly(e.toFloatArray(), within(1e-4f));
        }
    }

    /** One channel says nothing about the order of a picture in memory. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void a_network_of_thin_layers(int channels) {
        TracedModel model = thin(channels);
        assertThat(clamped(model, SETTINGS)).isTrue();
        assertThat(Lowered.of(model, Target.of(SETTINGS, model.program()))
                        .module()
                        .code())
                .contains("conv2d_clamp_run", "24, 0.0, 6.0)", "1, 0., None)")
                .doesNotContain("_convolution_pointwise", "relu6", "hardtanh");
        try (Network network = new TorchEngine().inference(model, SETTINGS);
                NDManager manager = network.newManager()) {
            for (long[] size : List.of(new long[] {1, 9, 8}, new long[] {3, 9, 8}, new long[] {2, 5, 7})) {
                NDArray x = Nets.floats(manager, 1, size[0], channels, size[1], size[2]);
                same(
                        network.forward(Map.of("x", x)),
                        network.block().forward(new ParameterStore(manager, false), new NDList(x), false));
            }
        }
    }

    @Test
    void calls_of_several_sizes_at_once_do_not_disturb_each_other() throws Exception {
        TracedModel model = thin(3);
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try (Network network = new TorchEngine().inference(model, SETTINGS);
                NDManager manager = network.newManager()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int caller = 0; caller < 6; caller++) {
                NDArray x = Nets.floats(manager, caller, 1 + caller % 3, 3, 8 + 4 * caller, 20);
                float[] alone = values(network, x);
                calls.add(callers.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(values(network, x)).containsExactly(alone);
                    }
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static float[] values(Network network, NDArray x) {
        try (NDManager manager = network.newManager();
                NDArray own = x.duplicate()) {
            own.attach(manager);
            return network.forward(Map.of("x", own)).get("map").toFloatArray();
        }
    }

    @Test
    void a_number_of_threads_of_its_own_takes_other_kernels() {
        TracedModel model = thin(3);
        int usual = TorchRuntime.threads();
        assertThat(clamped(model, new Settings("thin", Device.cpu(), Precision.FLOAT32, usual)))
                .isTrue();
        assertThat(clamped(model, new Settings("thin", Device.cpu(), Precision.FLOAT32, usual + 1)))
                .isFalse();
        assertThat(clamped(model, new Settings("thin", Device.cpu(), Precision.BFLOAT16, 0)))
                .isFalse();
    }

    @Test
    void what_costs_more_beside_them_takes_other_kernels() {
        TracedModel wide = Nets.onWaves(folder, s -> Map.of("y", s.conv2d("a", picture(s), 8, 3, 1, 1, true)));
        TracedModel smooth = Nets.onWaves(
                folder,
                s -> Map.of("y", s.conv2d("a", picture(s), 3, 3, 1, 1, 3, true).apply(Function.SILU)));
        assertThat(clamped(wide, SETTINGS)).isFalse();
        assertThat(clamped(smooth, SETTINGS)).isFalse();
    }

    private static Value picture(Scope s) {
        return s.input("x", Kind.FLOAT, "batch", 3, "height", "width");
    }

    @Test
    void the_callers_number_of_threads_is_its_own_again_afterwards() throws Exception {
        TracedModel model = thin(3);
        ExecutorService fresh = Executors.newSingleThreadExecutor();
        try (Network network = new TorchEngine().inference(model, SETTINGS);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 1, 1, 3, 8, 8);
            int before = JniUtils.getNumThreads();
            values(network, x);
            assertThat(JniUtils.getNumThreads()).isEqualTo(before);
            int other = TorchRuntime.threads() + 1;
            int mine = CallThreads.enter(other);
            try {
                // libtorch would give a new thread the number that this call has set for itself.
                assertThat(fresh.submit(() -> {
                                    CallThreads.leave(CallThreads.enter(0));
                                    return JniUtils.getNumThreads();
                                })
                                .get())
                        .isEqualTo(TorchRuntime.threads());
            } finally {
                CallThreads.leave(mine);
            }
            assertThat(JniUtils.getNumThreads()).isEqualTo(before);
        } finally {
            fresh.shutdownNow();
        }
    }
}
