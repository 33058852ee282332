package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsReadTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"resnet-bottleneck", "albert-model", "golden", "all-types"})
    void files_of_the_reference_read_as_the_reference_reads_them(String name) throws Exception {
        Checkpoint checkpoint = resource(name + ".safetensors");
        List<String[]> rows = new String(TestFiles.resource("digests.tsv"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\t"))
                .filter(row -> row[0].equals(name + ".safetensors"))
                .toList();

        assertThat(checkpoint.names())
                .containsExactlyElementsOf(
                        rows.stream().map(row -> tensorName(row[1])).toList());
        for (String[] row : rows) {
            String tensor = tensorName(row[1]);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(TestFiles.array(checkpoint.bytes(tensor)));
            assertThat(checkpoint.info(tensor).orElseThrow()).hasToString(row[2] + " " + row[3]);
            assertThat(HexFormat.of().formatHex(digest)).as(tensor).isEqualTo(row[4]);
        }
        assertThat(checkpoint.metadata().get("format")).isEqualTo(name.equals("golden") ? null : "pt");
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void every_type_converts_to_float(DType type) {
        float[] floats = resource("all-types.safetensors").floats(type.name());

        float[] expected = switch (type) {
            case F64, F32, F16, BF16 -> new float[] {0, 1, -2, 0.5f, 3.140625f, 100};
            case I64, I32, I16, I8 -> new float[] {0, 1, -2, 0, 3, 100};
            case U8 -> new float[] {0, 1, 2, 0, 3, 100};
            case BOOL -> new float[] {0, 1, 1, 1, 1, 1};
        };
        assertThat(floats).containsExactly(expected);
    }

    @Test
    void a_slice_is_little_endian_read_only_direct_and_begins_at_zero() {
        var bytes = resource("all-types.safetensors").bytes("F32");

        assertThat(bytes.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.isReadOnly()).isTrue();
        assertThat(bytes.isDirect()).isTrue();
        assertThat(bytes.position()).isZero();
        assertThat(bytes.limit()).isEqualTo(24);
        assertThat(bytes.getFloat(8)).isEqualTo(-2f);
    }

    @Test
    void a_part_is_what_the_whole_has_at_that_place() {
        Checkpoint checkpoint = resource("all-types.safetensors");

        assertThat(checkpoint.bytes("F32", 8, 4).getFloat(0)).isEqualTo(-2f);
        assertThat(checkpoint.bytes("F32", 24, 0).remaining()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.bytes("F32", 21, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.bytes("F32", -1, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.bytes("F32", 0, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.bytes("F32", Long.MAX_VALUE, 4));
    }

    @Test
    void an_unknown_name_is_refused_with_the_nearest_known() {
        Checkpoint checkpoint = resource("albert-model.safetensors");

        assertThat(checkpoint.info("embeddings.word_embedding.weight")).isEmpty();
        assertThatThrownBy(() -> checkpoint.bytes("embeddings.word_embedding.weight"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("near it: embeddings.word_embeddings.weight, ")
                .extracting(e -> ((CheckpointException) e).tensor().orElseThrow())
                .isEqualTo("embeddings.word_embedding.weight");
        assertThatThrownBy(() -> checkpoint.floats("x")).isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() -> checkpoint.location("x")).isInstanceOf(CheckpointException.class);
    }

    @Test
    void a_type_that_cannot_be_computed_with_is_refused_for_its_tensor_only() {
        String header = "{" + TestFiles.tensor("q", "F8_E4M3", "[4]", 0, 4) + ","
                + TestFiles.tensor("w", "U8", "[2]", 4, 6) + "}";
        Checkpoint checkpoint =
                Safetensors.read(TestFiles.write(folder.resolve("f.safetensors"), TestFiles.bytes(header, 6)));

        assertThat(checkpoint.names()).containsExactly("q", "w");
        assertThat(checkpoint.floats("w")).containsExactly(4, 5);
        assertThatThrownBy(() -> checkpoint.info("q"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("Tensor q in ")
                .hasMessageContaining("F8_E4M3");
        assertThatThrownBy(() -> checkpoint.bytes("q")).isInstanceOf(CheckpointException.class);
    }

    @Test
    void names_and_metadata_cannot_be_changed() {
        Checkpoint checkpoint = resource("all-types.safetensors");

        assertThatThrownBy(() -> checkpoint.names().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> checkpoint.metadata().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void the_empty_checkpoint_has_nothing() {
        assertThat(Checkpoint.empty().names()).isEmpty();
        assertThat(Checkpoint.empty().info("w")).isEmpty();
        assertThatThrownBy(() -> Checkpoint.empty().bytes("w"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no tensor w");
    }

    @Test
    void every_half_converts_exactly() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            double magnitude = exponent == 31
                    ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                    : Math.scalb(exponent == 0 ? fraction : fraction + 1024.0, Math.max(exponent, 1) - 25);
            double expected = bits < 1 << 15 ? magnitude : -magnitude;
            assertThat(Floats.half((short) bits)).as("%04x", bits).isEqualTo(Float.valueOf((float) expected));
        }
    }

    private Checkpoint resource(String name) {
        return Safetensors.read(TestFiles.write(folder.resolve(name), TestFiles.resource(name)));
    }

    private static String tensorName(String json) {
        return JsonParser.parseString(json).getAsString();
    }
}
