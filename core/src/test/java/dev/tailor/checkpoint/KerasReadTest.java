package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KerasReadTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"weights.h5", "model.h5", "late.h5"})
    void legacy_files_give_weights_in_the_order_and_names_of_their_layers(String name) {
        Checkpoint checkpoint = Checkpoint.open(file(name));

        assertThat(checkpoint.names())
                .containsExactly(
                        "conv1/kernel:0",
                        "conv1/bias:0",
                        "bn/gamma:0",
                        "bn/beta:0",
                        "bn/moving_mean:0",
                        "bn/moving_variance:0",
                        "half/kernel:0",
                        "half/steps:0",
                        "half/flags:0");
        assertThat(checkpoint.info("conv1/kernel:0").orElseThrow()).hasToString("F32 [2, 3, 4, 5]");
        assertThat(checkpoint.floats("conv1/kernel:0"))
                .hasSize(120)
                .startsWith(0, 1, 2)
                .endsWith(118, 119);
        assertThat(checkpoint.floats("bn/moving_variance:0")).containsExactly(0.5f, 1.5f, 2.5f, 3.5f, 4.5f);
        assertThat(checkpoint.info("half/kernel:0").orElseThrow()).hasToString("F16 [3]");
        assertThat(checkpoint.floats("half/kernel:0")).containsExactly(0, 1, 2);
        assertThat(checkpoint.info("half/steps:0").orElseThrow()).hasToString("I64 []");
        assertThat(checkpoint.floats("half/steps:0")).containsExactly(7);
        assertThat(checkpoint.floats("half/flags:0")).containsExactly(1, 0);
        assertThat(checkpoint.bytes("conv1/bias:0").isDirect()).isTrue();
        assertThat(checkpoint.bytes("conv1/bias:0", 4, 4).getFloat(0)).isEqualTo(0.5f);
        assertThat(checkpoint.metadata())
                .containsOnly(Map.entry("backend", "tensorflow"), Map.entry("keras_version", "2.15.0"));
        assertThatThrownBy(() -> checkpoint.bytes("conv1/kernel")).hasMessageContaining("near it: conv1/kernel:0");
    }

    @Test
    void keras_3_gives_paths_and_leaves_the_optimizer_out() {
        Checkpoint checkpoint = Checkpoint.open(file("k3.weights.h5"));

        assertThat(checkpoint.names()).containsExactly("layers/dense/vars/0", "layers/dense/vars/1");
        assertThat(checkpoint.floats("layers/dense/vars/0")).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void odd_types_and_layouts_are_told_when_they_are_wanted() {
        Checkpoint checkpoint = Checkpoint.open(file("odd.h5"));

        assertThat(checkpoint.floats("good:0")).containsExactly(0, 1);
        assertThat(checkpoint.floats("b/good:0")).containsExactly(0, 1, 2);
        assertThatThrownBy(() -> checkpoint.info("big_endian:0")).hasMessageContaining("BIG_ENDIAN");
        assertThatThrownBy(() -> checkpoint.info("complex")).hasMessageContaining("CompoundDataType");
        for (String name : List.of("chunked", "packed")) {
            assertThatThrownBy(() -> checkpoint.bytes(name))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("stored in chunks");
        }
    }

    @Test
    void files_without_weights_or_without_end_are_refused() {
        assertThatThrownBy(() -> Checkpoint.open(file("missing.h5")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("y:0");
        assertThatThrownBy(() -> Checkpoint.open(file("opaque.weights.h5")))
                .hasMessageContaining("holds what the library jhdf does not know");
        assertThatThrownBy(() -> Checkpoint.open(file("other.h5"))).hasMessageContaining("holds no weights");
        assertThatThrownBy(() -> Checkpoint.open(file("loop.h5"))).hasMessageContaining("nested without end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.h5", "late.h5", "k3.weights.h5"})
    void a_file_cut_or_changed_anywhere_gives_tensors_or_a_clear_refusal(String name) {
        byte[] whole = TestFiles.resource("keras/" + name);
        Random random = new Random(3);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(120), () -> {
            for (int round = 0; round < 400; round++) {
                byte[] bytes = whole.clone();
                if (round % 4 == 0) {
                    bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                } else {
                    for (int change = 0; change < 1 + round % 8; change++) {
                        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                    }
                }
                Path file = TestFiles.write(folder.resolve("changed.h5"), bytes);
                try {
                    Checkpoint checkpoint = Checkpoint.open(file);
                    for (String tensor : checkpoint.names()) {
                        checkpoint.floats(tensor);
                    }
                } catch (CheckpointException e) {
                    assertThat(e).hasMessageContaining("changed.h5");
                }
            }
        });
    }

    @Test
    void published_files_are_read() {
        Checkpoint mobile = Checkpoint.open(TorchAssetsTest.asset("mobilenet-v1-0.25-derived/mobilenet_2_5_224_tf.h5"));
        Checkpoint torch =
                Checkpoint.open(TorchAssetsTest.asset("mobilenet-v1-0.25-derived/mobilenet_v1_025_224-e2d0e8d4.pth"));
        Checkpoint digits = Checkpoint.open(TorchAssetsTest.asset("keras-weights-h5-mnist"));
        Checkpoint zipped = Checkpoint.open(TorchAssetsTest.asset("keras-v3-fixture"));

        Checkpoint moved = CheckpointView.of(
                mobile,
                Map.of("conv1.conv.weight", TensorSource.of("conv1/kernel:0").permuted(3, 2, 0, 1)));
        assertThat(moved.floats("conv1.conv.weight")).isEqualTo(torch.floats("conv1.conv.weight"));
        assertThat(digits.names()).hasSize(6);
        assertThat(digits.info("layers/dense/vars/0").orElseThrow()).hasToString("F32 [784, 128]");
        assertThat(zipped.names()).contains("layers/dense_3/vars/1").hasSize(5);
        assertThat(zipped.floats("layers/dense_3/vars/1")).hasSize(2).doesNotContain(Float.NaN);
    }

    @Test
    void without_the_optional_library_the_message_names_it() throws Exception {
        Path file = file("weights.h5");
        Class<?> type = Class.forName("dev.tailor.checkpoint.Checkpoint", true, new WithoutLibrary());

        assertThatThrownBy(() -> type.getMethod("open", Path.class).invoke(null, file))
                .cause()
                .hasMessageContaining("add the dependency io.jhdf:jhdf")
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo("CheckpointException"));
    }

    /** Tailor's classes anew, and none of the library. */
    private static final class WithoutLibrary extends ClassLoader {
        WithoutLibrary() {
            super(WithoutLibrary.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.jhdf")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.tailor.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private Path file(String name) {
        return TestFiles.write(folder.resolve(name), TestFiles.resource("keras/" + name));
    }
}
