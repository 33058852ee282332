package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointViewTest {
    @TempDir
    Path folder;

    private Checkpoint source;

    @BeforeEach
    void write() {
        float[] counted = new float[24];
        for (int i = 0; i < 24; i++) {
            counted[i] = i;
        }
        Path file = folder.resolve("f.safetensors");
        Safetensors.write(
                file,
                List.of(
                        TensorData.of("kernel", List.of(1L, 2L, 3L, 4L), counted),
                        TensorData.of("gamma", List.of(2L), new float[] {5, 6}),
                        TensorData.of("none", List.of(0L, 2L), new float[0])),
                Map.of("format", "pt"));
        source = Checkpoint.open(file);
    }

    @Test
    void axes_change_their_order() {
        Checkpoint view = view(Map.of("weight", TensorSource.of("kernel").permuted(3, 2, 0, 1)));

        assertThat(view.info("weight").orElseThrow()).hasToString("F32 [4, 3, 1, 2]");
        // Element (o, i, h, w) comes from (h, w, i, o), which lies at w * 12 + i * 4 + o.
        assertThat(view.floats("weight")).startsWith(0, 12, 4, 16, 8, 20, 1, 13).endsWith(11, 23);
        assertThat(view.bytes("weight", 4, 8).getFloat(4)).isEqualTo(4);
        assertThat(view.bytes("weight").isDirect()).isTrue();
        assertThat(view.location("weight")).isEqualTo(source.location("kernel"));
    }

    @Test
    void elements_get_another_shape_after_their_axes_are_in_order() {
        Checkpoint view = view(
                Map.of("weight", TensorSource.of("kernel").permuted(2, 3, 0, 1).reshaped(12, 1, 1, 2)));

        assertThat(view.info("weight").orElseThrow()).hasToString("F32 [12, 1, 1, 2]");
        assertThat(view.floats("weight")).startsWith(0, 12, 1, 13);
    }

    @Test
    void what_keeps_its_axes_is_not_copied() {
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        tensors.put("weight", TensorSource.of("gamma"));
        tensors.put("same", TensorSource.of("kernel").permuted(0, 1, 2, 3).reshaped(24));
        tensors.put("none", TensorSource.of("none").permuted(1, 0));
        Checkpoint view = view(tensors);

        assertThat(view.names()).containsExactly("weight", "same", "none");
        assertThat(view.bytes("weight")).isEqualTo(source.bytes("gamma"));
        assertThat(view.bytes("same")).isEqualTo(source.bytes("kernel"));
        assertThat(view.info("none").orElseThrow()).hasToString("F32 [2, 0]");
        assertThat(view.floats("none")).isEmpty();
        assertThat(view.info("kernel")).isEmpty();
        assertThat(view.metadata()).isEqualTo(source.metadata());
    }

    @Test
    void all_names_change_by_a_rule() {
        Checkpoint view = CheckpointView.renamed(source, name -> "bert." + name);

        assertThat(view.floats("bert.gamma")).containsExactly(5, 6);
        assertThatThrownBy(() -> CheckpointView.renamed(source, name -> "x")).hasMessageContaining("both become x");
        assertThatThrownBy(() -> view.bytes("gamma")).hasMessageContaining("near it: bert.gamma");
    }

    @Test
    void all_that_does_not_fit_is_told_at_once() {
        Map<String, TensorSource> tensors = new LinkedHashMap<>();
        tensors.put("a", TensorSource.of("lost"));
        tensors.put("b", TensorSource.of("kernel").permuted(1, 0));
        tensors.put("c", TensorSource.of("gamma").reshaped(3));

        assertThatThrownBy(() -> view(tensors))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("a: there is no lost")
                .hasMessageContaining("b: kernel, F32 [1, 2, 3, 4], does not have the axes of [1, 0]")
                .hasMessageContaining("c: gamma, F32 [2], cannot become [3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorSource.of("kernel").permuted(0, 0));
    }

    private Checkpoint view(Map<String, TensorSource> tensors) {
        return CheckpointView.of(source, tensors);
    }
}
