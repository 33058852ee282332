package dev.tailor.checkpoint;

import static dev.tailor.checkpoint.TestFiles.tensor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeFileTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path folder;

    @Test
    void opening_a_400_MB_file_takes_no_heap() throws IOException {
        long size = 400_000_000;
        String header = "{" + tensor("big", "F32", "[99999996]", 0, size - 16) + ","
                + tensor("last", "F32", "[4]", size - 16, size) + "}";
        Path file = TestFiles.sparse(folder.resolve("model.safetensors"), header, size, 42);
        Safetensors.read(file);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        Checkpoint checkpoint = Checkpoint.open(folder);
        float[] last = checkpoint.floats("last");
        int big = checkpoint.bytes("big").remaining();
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(last).containsExactly(0, 0, 0, 42);
        assertThat(big).isEqualTo(size - 16);
        assertThat(allocated).isLessThan(2_000_000);
    }

    @Test
    void a_tensor_above_2_GiB_is_read_in_parts() throws IOException {
        long size = 5 * GIB;
        String header =
                "{" + tensor("small", "F32", "[1]", 0, 4) + "," + tensor("giant", "F32", "[1342177280]", 4, size + 4)
                        + "," + tensor("end", "F32", "[1]", size + 4, size + 8) + "}";
        Checkpoint checkpoint =
                Safetensors.read(TestFiles.sparse(folder.resolve("f.safetensors"), header, size + 8, 42));

        assertThat(checkpoint.info("giant").orElseThrow().elements()).isEqualTo(1342177280L);
        assertThat(checkpoint.bytes("giant", size - 4, 4).getFloat(0)).isZero();
        assertThat(checkpoint.bytes("giant", GIB / 2, (int) GIB).remaining()).isEqualTo((int) GIB);
        assertThat(checkpoint.floats("end")).containsExactly(42);
        assertThatThrownBy(() -> checkpoint.bytes("giant"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("use bytes(name, offset, length)");
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.bytes("giant", 0, (int) GIB + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 64, 100})
    void maps_of_any_size_give_the_same_bytes(int largest) {
        int[] sizes = {0, 5, 1, 0, 30, 7, 8, 9, 0, 64, 1, 1, 1, 0};
        StringBuilder header = new StringBuilder();
        int total = 0;
        for (int i = 0; i < sizes.length; i++) {
            header.append(i == 0 ? "{" : ",")
                    .append(tensor("t" + i, "U8", "[" + sizes[i] + "]", total, total + sizes[i]));
            total += sizes[i];
        }
        Path file = TestFiles.write(folder.resolve("f.safetensors"), TestFiles.bytes(header + "}", total));
        Checkpoint checkpoint = SafetensorsFile.open(file, largest);

        Random random = new Random(largest);
        int begin = 0;
        for (int i = 0; i < sizes.length; i++) {
            for (int round = 0; round < 200; round++) {
                int longest = sizes[i] <= largest ? sizes[i] : (largest + 1) / 2;
                int length = random.nextInt(longest + 1);
                int offset = random.nextInt(sizes[i] - length + 1);
                byte[] part = TestFiles.array(checkpoint.bytes("t" + i, offset, length));
                assertThat(part).hasSize(length);
                for (int k = 0; k < length; k++) {
                    assertThat(part[k]).isEqualTo((byte) (begin + offset + k));
                }
            }
            begin += sizes[i];
        }
    }

    @Test
    void a_header_of_100_000_tensors_is_read() {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 100_000; i++) {
            header.append(i == 0 ? "" : ",").append(tensor("model.layers." + i + ".weight", "U8", "[1,1]", i, i + 1));
        }
        Path file = TestFiles.write(folder.resolve("f.safetensors"), TestFiles.bytes(header + "}", 100_000));

        Checkpoint checkpoint = Safetensors.read(file);

        assertThat(checkpoint.names()).hasSize(100_000);
        assertThat(checkpoint.floats("model.layers.99999.weight")).containsExactly((byte) 99_999 & 0xFF);
    }
}
