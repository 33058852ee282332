package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by torch give the tensors that torch wrote beside them as safetensors. */
class TorchReadTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "types-zip",
                "types-legacy",
                "views-zip",
                "views-legacy",
                "tied-zip",
                "tied-legacy",
                "protocol1-zip",
                "protocol1-legacy",
                "protocol3-zip",
                "protocol3-legacy",
                "protocol4-zip",
                "protocol4-legacy",
                "protocol5-zip",
                "protocol5-legacy",
                "training",
                "nested",
                "attribute"
            })
    void every_tensor_has_type_shape_and_bytes(String name) {
        Checkpoint expected = Safetensors.read(file(name + ".safetensors"));
        Checkpoint found = Checkpoint.open(file(name + ".pt"));

        assertThat(found.names()).containsExactlyInAnyOrderElementsOf(expected.names());
        for (String tensor : expected.names()) {
            assertThat(found.info(tensor)).as(tensor).isEqualTo(expected.info(tensor));
            assertThat(found.bytes(tensor)).as(tensor).isEqualTo(expected.bytes(tensor));
            assertThat(found.bytes(tensor).isDirect()).isTrue();
            assertThat(found.bytes(tensor).isReadOnly() || found.bytes(tensor).remaining() == 0)
                    .isTrue();
            assertThat(found.floats(tensor)).as(tensor).isEqualTo(expected.floats(tensor));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"views-zip", "views-legacy"})
    void any_part_of_a_view_is_that_part_of_the_whole(String name) {
        Checkpoint checkpoint = Checkpoint.open(file(name + ".pt"));
        Random random = new Random(1);
        for (String tensor : checkpoint.names()) {
            byte[] whole = TestFiles.array(checkpoint.bytes(tensor));
            for (int round = 0; round < 100; round++) {
                int from = random.nextInt(whole.length + 1);
                int length = random.nextInt(whole.length - from + 1);
                assertThat(TestFiles.array(checkpoint.bytes(tensor, from, length)))
                        .as(tensor)
                        .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
            }
            assertThatIllegalArgumentException().isThrownBy(() -> checkpoint.bytes(tensor, 1, whole.length));
        }
    }

    @Test
    void tensors_come_in_the_order_of_the_file() {
        assertThat(Checkpoint.open(file("tied-zip.pt")).names()).containsExactly("embed", "decoder", "bias");
    }

    @Test
    void a_training_file_also_tells_its_other_data() {
        PickledValue data = PyTorch.data(file("training.pt"));

        assertThat(data.get("epoch").orElseThrow().number()).hasValue(7);
        assertThat(data.get("best_acc1").orElseThrow().number()).hasValue(91.25);
        assertThat(data.get("big").orElseThrow()).hasToString("Int[value=1180591620717411303424]");
        assertThat(data.get("arch").orElseThrow().text()).contains("resnet20");
        assertThat(data.get("device").orElseThrow().text()).contains("cpu");
        assertThat(data.get("dtype")).contains(new PickledValue.Name("torch.float32"));
        assertThat(data.get("nothing")).contains(new PickledValue.None());
        assertThat(data.get("flag")).contains(new PickledValue.Bool(true));
        assertThat(numbers(data, "size")).containsExactly(2.0, 3.0);
        assertThat(numbers(data, "seen")).containsExactlyInAnyOrder(1.0, 2.0);
        assertThat(numbers(data, "ids")).containsExactly(1.0, -2.0, 300.0, 70000.0);
        assertThat(((PickledValue.Bytes) data.get("raw").orElseThrow()).value()).containsExactly(0, 0xFF);
        assertThat(((PickledValue.Sequence) data.get("classes").orElseThrow()).items())
                .containsExactly(new PickledValue.Text("cat"), new PickledValue.Text("dog"));
        assertThat(((PickledValue.Tensor) data.get("best").orElseThrow()).type())
                .isEqualTo("float32");
        assertThat(data.get("optimizer").orElseThrow().get("state").orElseThrow())
                .hasToString("a dict of 4");
    }

    @Test
    void another_state_dict_is_had_by_its_key() {
        Checkpoint average = PyTorch.read(file("ema.pt"), "model_ema");
        float[] usual = PyTorch.read(file("ema.pt")).floats("w");

        assertThat(average.floats("w"))
                .isEqualTo(Checkpoint.open(file("ema.safetensors")).floats("w"));
        assertThat(usual[0]).isZero();
        assertThatThrownBy(() -> PyTorch.read(file("ema.pt"), "ema")).hasMessageContaining("[model, model_ema]");
    }

    @Test
    void shards_keep_their_names_and_are_one_checkpoint() {
        Path index = file("sharded/pytorch_model.bin.index.json");
        file("sharded/pytorch_model-00001-of-00002.bin");
        file("sharded/pytorch_model-00002-of-00002.bin");

        Checkpoint checkpoint = Checkpoint.open(index.getParent());

        assertThat(checkpoint.names()).containsExactly("module.a", "module.b", "c");
        assertThat(checkpoint.floats("module.b")[0]).isEqualTo(20);
        assertThat(checkpoint.floats("c")[0]).isEqualTo(40);
    }

    @Test
    void safetensors_come_before_a_pickle_and_the_name_does_not_decide_what_a_file_is() {
        TestFiles.write(folder.resolve("pytorch_model.bin"), TestFiles.resource("torch/nested.pt"));
        assertThat(Checkpoint.open(folder).names()).contains("decoder.weight");

        TestFiles.write(folder.resolve("model.safetensors"), TestFiles.resource("torch/ema.safetensors"));
        assertThat(Checkpoint.open(folder).names()).containsExactly("w");

        TestFiles.write(folder.resolve("model.safetensors"), TestFiles.resource("torch/nested.pt"));
        assertThat(Checkpoint.open(folder).names()).contains("decoder.weight");
        assertThatThrownBy(() -> Safetensors.read(folder.resolve("model.safetensors")))
                .hasMessageContaining("read it by Checkpoint.open");
    }

    @Test
    void the_only_file_of_another_tool_is_the_folders_checkpoint() {
        TestFiles.write(folder.resolve("resnet20.th"), TestFiles.resource("torch/nested.pt"));
        assertThat(Checkpoint.open(folder).names()).hasSize(2);

        TestFiles.write(folder.resolve("other.pth"), TestFiles.resource("torch/nested.pt"));
        assertThatThrownBy(() -> Checkpoint.open(folder)).hasMessageContaining("To read other.pth, give the path");
    }

    @Test
    void what_cannot_be_computed_with_is_told_when_it_is_wanted() {
        Checkpoint checkpoint = Checkpoint.open(file("foreign.pt"));

        assertThat(checkpoint.floats("good")).hasSize(20);
        assertThat(checkpoint.names()).hasSize(7);
        assertThat(List.of("complex", "uint16", "float8", "sparse", "meta", "quantised"))
                .allSatisfy(name -> assertThatThrownBy(() -> checkpoint.info(name))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("Tensor " + name + " in")
                        .hasMessageContaining("does not compute with"));
        assertThatThrownBy(() -> checkpoint.bytes("float8")).hasMessageContaining("float8_e4m3fn");
        assertThatThrownBy(() -> checkpoint.bytes("sparse")).hasMessageContaining("a sparse tensor");
    }

    @Test
    void a_repacked_zip_is_refused_with_the_reason() {
        assertThatThrownBy(() -> Checkpoint.open(file("big-endian.pt"))).hasMessageContaining("byte order \"big\"");
        assertThatThrownBy(() -> Checkpoint.open(file("compressed.pt"))).hasMessageContaining("is compressed");
        assertThatThrownBy(() -> Checkpoint.open(file("short-storage.pt")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("of which 236 bytes are there and 240 were announced");
        assertThatThrownBy(() -> Checkpoint.open(file("torchscript.pt")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("TorchScript program");
    }

    private static List<Double> numbers(PickledValue data, String key) {
        return ((PickledValue.Sequence) data.get(key).orElseThrow())
                .items().stream().map(item -> item.number().orElseThrow()).toList();
    }

    private Path file(String name) {
        Path file = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
        return TestFiles.write(file, TestFiles.resource("torch/" + name));
    }
}
