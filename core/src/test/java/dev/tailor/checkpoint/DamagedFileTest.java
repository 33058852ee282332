package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DamagedFileTest {
    private static final byte[] WHOLE = TestFiles.resource("all-types.safetensors");

    @TempDir
    Path folder;

    @Test
    void a_file_cut_at_any_length_is_refused() {
        for (int length = 0; length < WHOLE.length; length++) {
            Path file = TestFiles.write(folder.resolve("cut.safetensors"), Arrays.copyOf(WHOLE, length));

            assertThatThrownBy(() -> Safetensors.read(file))
                    .as("cut at %d", length)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("cut.safetensors");
        }
    }

    @Test
    void a_changed_byte_gives_a_checkpoint_or_a_clear_refusal() {
        Random random = new Random(42);
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] bytes = WHOLE.clone();
            // The header is where a change can hurt.
            bytes[random.nextInt(round % 10 == 0 ? bytes.length : 900)] = (byte) random.nextInt(256);
            Path file = TestFiles.write(folder.resolve("changed.safetensors"), bytes);
            try {
                Checkpoint checkpoint = Safetensors.read(file);
                checkpoint.names().forEach(name -> readAll(checkpoint, name));
            } catch (CheckpointException e) {
                assertThat(e).hasMessageContaining("changed.safetensors");
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 2999);
    }

    @Test
    void a_long_announced_header_of_a_long_file_is_refused_without_reading_it() throws IOException {
        Path file = folder.resolve("lying.safetensors");
        TestFiles.sparse(file, "{}", 300_000_000, 0);
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(length.putLong(0, 100_000_001));
        }

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("a header of 100000001 bytes; the limit is 100000000");
    }

    @ParameterizedTest
    @CsvSource({
        "'version https://git-lfs.github.com/spec/v1\noid sha256:ab', Git LFS pointer",
        "'<!DOCTYPE html><html>', web page",
        "'\n <html>sign in', web page",
        "'PK\u0003\u0004........', PyTorch checkpoint",
        "'GGUF....', GGUF"
    })
    void a_file_of_another_kind_is_named(String start, String kind) {
        byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
        Path file = TestFiles.write(folder.resolve("model.safetensors"), bytes);

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("is no safetensors file")
                .hasMessageContaining(kind);
    }

    @Test
    void all_damaged_tensors_are_told_at_once_up_to_a_limit() {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 50; i++) {
            header.append(i == 0 ? "" : ",").append(TestFiles.tensor("t" + i, "F32", "[2]", i, i + 1));
        }
        Path file = TestFiles.write(folder.resolve("f.safetensors"), TestFiles.bytes(header + "}", 50));

        assertThatThrownBy(() -> Safetensors.read(file))
                .hasMessageContaining("\"t0\"")
                .hasMessageContaining("\"t19\"")
                .hasMessageContaining("and 30 more")
                .hasMessageNotContaining("\"t20\"");
    }

    private static void readAll(Checkpoint checkpoint, String name) {
        try {
            TensorInfo info = checkpoint.info(name).orElseThrow();
            assertThat(TestFiles.array(checkpoint.bytes(name))).hasSize((int) info.byteSize());
        } catch (CheckpointException e) {
            // A changed byte can turn I8 into a type that is known and not computed with.
            assertThat(e.tensor()).contains(name);
        }
    }
}
