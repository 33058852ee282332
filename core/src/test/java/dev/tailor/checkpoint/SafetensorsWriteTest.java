package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsWriteTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"all-types", "resnet-bottleneck", "albert-model", "golden"})
    void a_file_is_written_byte_for_byte_as_the_reference_does(String name) {
        byte[] expected = TestFiles.resource(name + ".safetensors");
        Checkpoint checkpoint = Safetensors.read(TestFiles.write(folder.resolve("in.safetensors"), expected));
        List<TensorData> tensors = copies(checkpoint);
        Collections.shuffle(tensors, new Random(1));

        Safetensors.write(folder.resolve("out.safetensors"), tensors, checkpoint.metadata());

        assertThat(folder.resolve("out.safetensors")).hasBinaryContent(expected);
    }

    @Test
    void arrays_come_back_as_they_were_across_parts() {
        float[] floats = new float[600_001];
        long[] longs = new long[262_144];
        Random random = new Random(7);
        for (int i = 0; i < floats.length; i++) {
            floats[i] = random.nextFloat();
        }
        for (int i = 0; i < longs.length; i++) {
            longs[i] = random.nextLong();
        }

        Checkpoint read = write(
                List.of(
                        TensorData.of("f", List.of(600_001L), floats),
                        TensorData.of("l", List.of(2L, 131_072L), longs)),
                Map.of());

        long[] back = new long[longs.length];
        read.bytes("l").asLongBuffer().get(back);
        assertThat(read.floats("f")).isEqualTo(floats);
        assertThat(back).isEqualTo(longs);
        assertThat(read.info("l").orElseThrow()).isEqualTo(TensorInfo.of("l", DType.I64, List.of(2L, 131_072L)));
    }

    @Test
    void a_supplier_is_asked_when_its_turn_comes_and_only_its_remaining_bytes_count() {
        TensorInfo info = TensorInfo.of("w", DType.U8, List.of(2L));
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}).position(1).limit(3);

        Checkpoint read = write(List.of(new TensorData(info, () -> buffer)), Map.of("format", "pt"));

        assertThat(read.floats("w")).containsExactly(1, 2);
        assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
        assertThat(buffer.position()).isEqualTo(1);
    }

    @Test
    void no_tensors_give_the_smallest_file_of_the_reference() throws IOException {
        write(List.of(), Map.of());

        assertThat(Files.readString(folder.resolve("w.safetensors"))).isEqualTo("\b\0\0\0\0\0\0\0{}      ");
    }

    @Test
    void metadata_are_sorted_and_escaped() throws IOException {
        Checkpoint read = write(List.of(), Map.of("z", "\n\u001f\"", "format", "pt", "\u00e9", "\u2028"));

        assertThat(Files.readString(folder.resolve("w.safetensors")))
                .contains("{\"__metadata__\":{\"format\":\"pt\",\"z\":\"\\n\\u001f\\\"\",\"\u00e9\":\"\u2028\"}}");
        assertThat(read.metadata()).containsEntry("z", "\n\u001f\"").containsEntry("\u00e9", "\u2028");
    }

    @Test
    void a_checkpoint_may_be_written_over_itself() {
        Path file = TestFiles.write(
                folder.resolve("model.safetensors"), TestFiles.resource("resnet-bottleneck.safetensors"));
        Checkpoint old = Safetensors.read(file);
        String name = old.names().iterator().next();
        float[] before = old.floats(name);
        List<TensorData> tensors = copies(old);
        tensors.removeIf(tensor -> tensor.info().name().equals(name));
        tensors.add(TensorData.of(name, old.info(name).orElseThrow().shape(), new float[before.length]));

        Safetensors.write(file, tensors, old.metadata());

        assertThat(old.floats(name)).containsExactly(before);
        assertThat(Safetensors.read(file).floats(name)).containsOnly(0f);
        assertThat(files()).containsExactly("model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9})
    void a_tensor_of_wrong_length_leaves_the_old_file_and_no_other(int length) {
        Path file = TestFiles.write(folder.resolve("w.safetensors"), TestFiles.bytes("{}", 0));
        TensorData wrong =
                new TensorData(TensorInfo.of("w", DType.F32, List.of(2L)), () -> ByteBuffer.allocate(length));

        assertThatThrownBy(() -> write(List.of(TensorData.of("ok", List.of(1L), new long[1]), wrong), Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor w, F32 [2], takes 8 bytes and yields");
        assertThat(Safetensors.read(file).names()).isEmpty();
        assertThat(files()).containsExactly("w.safetensors");
    }

    @Test
    void a_failing_supplier_leaves_nothing() {
        TensorData failing = new TensorData(TensorInfo.of("w", DType.F32, List.of(2L)), () -> {
            throw new IllegalStateException("closed");
        });

        assertThatThrownBy(() -> write(List.of(failing), Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("closed");
        assertThat(files()).isEmpty();
    }

    @Test
    void a_missing_folder_is_told() {
        Path file = folder.resolve("missing").resolve("w.safetensors");

        assertThatThrownBy(() -> Safetensors.write(file, List.of(), Map.of()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void names_that_cannot_be_read_back_are_refused() {
        TensorData w = TensorData.of("w", List.of(1L), new float[1]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(List.of(w, w), Map.of()))
                .withMessageContaining("Two tensors have the name w");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(List.of(TensorData.of("__metadata__", List.of(1L), new float[1])), Map.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> write(List.of(TensorData.of("\ud83d", List.of(1L), new float[1])), Map.of()))
                .withMessageContaining("lone surrogate");
        assertThat(files()).isEmpty();
    }

    @Test
    void shapes_and_sizes_that_do_not_fit_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorData.of("w", List.of(2L, 2L), new float[3]))
                .withMessageContaining("takes 4 values, found 3");
        assertThatIllegalArgumentException().isThrownBy(() -> TensorInfo.of("w", DType.F32, List.of(-1L)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TensorInfo.of("w", DType.F32, List.of(1L << 40, 1L << 40)));
        assertThatIllegalArgumentException().isThrownBy(() -> new TensorInfo("w", DType.F32, List.of(2L), 4));
    }

    private Checkpoint write(List<TensorData> tensors, Map<String, String> metadata) {
        Path file = folder.resolve("w.safetensors");
        Safetensors.write(file, tensors, metadata);
        return Safetensors.read(file);
    }

    private static List<TensorData> copies(Checkpoint checkpoint) {
        List<TensorData> tensors = new ArrayList<>();
        checkpoint.names().forEach(name -> tensors.add(TensorData.of(checkpoint, name)));
        return tensors;
    }

    private List<String> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
