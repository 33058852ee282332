package dev.tailor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a pickle says, it is refused clearly or read as data: never run, never endless, never larger than the memory. */
class HostilePickleTest {
    @TempDir
    Path folder;

    static Stream<Arguments> refused() {
        PickleBytes system = pickle().global("posix", "system")
                .raw("(")
                .text("touch /tmp/owned")
                .raw("tR.");
        PickleBytes within =
                pickle().raw("}").text("w").raw("(").global("builtins", "eval").raw("(");
        PickleBytes nested =
                pickle().global("torch._tensor", "_rebuild_from_type_v2").raw("(");
        return Stream.of(
                arguments("a system call", system, "posix.system"),
                arguments("eval within a dict", within.text("1").raw("tRtu."), "builtins.eval"),
                arguments(
                        "Python 2's names",
                        pickle().global("__builtin__", "eval").raw(")R."),
                        "builtins.eval"),
                arguments("by the stack", pickle().text("os").text("system").raw("\u0093)R."), "os.system"),
                arguments("by an object", pickle().global("subprocess", "Popen").raw(")\u0081."), "subprocess.Popen"),
                arguments("by state", pickle().global("a", "B").raw(")\u0081}b."), "a.B"),
                arguments("with keywords", pickle().global("a", "B").raw(")}\u0092."), "a.B"),
                arguments("an old instance", pickle().raw("(ios\nsystem\n."), "os.system"),
                arguments(
                        "an old object",
                        pickle().raw("(").global("os", "system").raw("o."),
                        "os.system"),
                arguments(
                        "only named, never called",
                        pickle().global("os", "system").raw("."),
                        "os.system"),
                arguments(
                        "an attribute path",
                        pickle().global("torch", "serialization.os.system").raw("."),
                        "os.system"),
                arguments(
                        "a call of a call",
                        nested.global("os", "system").raw("NN").raw("NtR."),
                        "os.system"),
                arguments("the registry", pickle().raw("\u0082\1."), "registry"),
                arguments("a pickled module", pickle().raw("(").text("module").raw("NNNtQ."), "a whole pickled module"),
                arguments("another persistent text", pickle().raw("Pabc\n."), "persistent object abc"),
                arguments("an id that is no tuple", pickle().text("abc").raw("Q."), "outside the pickle"),
                arguments("a buffer outside", pickle().raw("\u0097."), "buffer outside"),
                arguments(
                        "a numpy array",
                        pickle().global("numpy.core.multiarray", "scalar").raw(")R."),
                        "scalar"),
                arguments("a pop of nothing", pickle().raw("000"), "where there is none"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String what, PickleBytes pickle, String named) {
        assertThatThrownBy(() -> PyTorch.data(write(pickle.file())))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("evil.bin")
                .hasMessageContaining(named);
    }

    static Stream<Arguments> damaged() {
        return Stream.of(
                arguments("a text of 4 GiB", pickle().raw("X").i32(-1), "4294967295 bytes announced"),
                arguments("a text of 2^64 bytes", pickle().raw("\u008d").i64(-1), "18446744073709551615 bytes"),
                arguments("bytes of 2^63", pickle().raw("\u008e").i64(Long.MAX_VALUE), "bytes announced"),
                arguments("an integer of 2 GiB", pickle().raw("\u008b").i32(Integer.MAX_VALUE), "the limit is 256"),
                arguments("a negative length", pickle().raw("T").i32(-1), "bytes announced"),
                arguments("an endless line", pickle().raw("c" + "a".repeat(100_000)), "a line longer than"),
                arguments("an unknown opcode", pickle().raw("\u00ff"), "no opcode 0xff"),
                arguments("a later protocol", new PickleBytes().raw("\u0080\6N."), "protocol 6"),
                arguments("a memo never filled", pickle().raw("h\7."), "recalls value 7"),
                arguments("a mark never set", pickle().raw("t."), "was not begun"),
                arguments("a pop across a mark", pickle().raw("N(\u0085t."), "where there is none"),
                arguments("a key without value", pickle().raw("}(Nu."), "a key without a value"),
                arguments("items for a tuple", pickle().raw(")Na."), "no list"),
                arguments("entries for a list", pickle().raw("](NNu."), "no dict"),
                arguments("a call of a text", pickle().text("a").raw(")R."), "no function"),
                arguments(
                        "a call of a type", pickle().global("torch", "float32").raw(")R."), "no function"),
                arguments("too few arguments", pickle().global("torch", "Size").raw(")R."), "too few arguments"),
                arguments("state for a list", pickle().raw("]}b."), "a state for what has none"),
                arguments("a text that is not UTF-8", pickle().raw("X\1\0\0\0\u00ff."), "not UTF-8"),
                arguments("a tensor beyond its storage", tensor(2, 0, 3), "reaches beyond"),
                arguments("an offset beyond", tensor(2, 1, 2), "reaches beyond"),
                arguments("a negative shape", tensor(2, 0, -1), "from 0 to 2^63-1"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void damaged(String what, PickleBytes pickle, String said) {
        assertThatThrownBy(() -> Checkpoint.open(write(pickle.file(2, 8))))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("evil.bin")
                .hasMessageContaining(said);
    }

    @Test
    void a_tensor_by_hand_is_read() {
        assertThat(Checkpoint.open(write(tensor(2, 0, 2).file(2, 8))).floats("w"))
                .containsExactly(0, 0);
        assertThatThrownBy(() -> Checkpoint.open(write(tensor(2, 0, 2).file(2, 7))))
                .hasMessageContaining("cut short");
        assertThatThrownBy(() -> Checkpoint.open(write(tensor(2, 0, 2).file(-1, 8))))
                .hasMessageContaining("18446744073709551615 elements");
        assertThatThrownBy(() -> Checkpoint.open(write(tensor(4, 0, 2).file(2, 8))))
                .hasMessageContaining("of which 8 bytes are there and 16 were announced");
    }

    @Test
    void a_small_file_that_repeats_one_number_forever_is_refused_before_it_takes_memory() {
        PickleBytes pickle = pickle().raw("}")
                .text("w")
                .global("torch._utils", "_rebuild_tensor_v2")
                .raw("(");
        pickle.storage(2).raw("K\0").integer(1 << 30).raw("\u0085K\0\u0085\u0089NtRs.");
        Checkpoint checkpoint = Checkpoint.open(write(pickle.file(2, 8)));

        assertThatThrownBy(() -> checkpoint.floats("w")).hasMessageContaining("repeats 8 bytes up to 4294967296");
    }

    /** Each is a few bytes that a careless reader turns into endless time or memory. */
    @ParameterizedTest
    @ValueSource(strings = {"values", "memo", "marks", "dicts", "copies", "encoded"})
    void bombs_are_refused_in_time(String kind) {
        int count = 20_000_000;
        PickleBytes pickle = switch (kind) {
            case "values" -> pickle().raw("N".repeat(count));
            case "memo" -> pickle().raw("N" + "\u0094".repeat(count));
            case "marks" -> pickle().raw("(".repeat(count));
            case "dicts" -> pickle().raw("}".repeat(count));
            case "copies" -> {
                PickleBytes bytes = pickle().raw("}(");
                for (int i = 0; i < 20_000; i++) {
                    bytes.integer(i).raw("N");
                }
                bytes.raw("uq\0").global("collections", "OrderedDict").raw("q\1");
                yield bytes.raw("h\1h\0\u0085R".repeat(100_000));
            }
            default -> {
                PickleBytes bytes = pickle().text("x".repeat(100_000)).raw("q\0");
                bytes.global("_codecs", "encode").raw("q\1");
                yield bytes.raw("h\1h\0\u0085R".repeat(100_000));
            }
        };
        Path file = write(pickle.raw(".").file());

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThatThrownBy(() -> PyTorch.data(file))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContaining("which a file of weights does not need"));
    }

    @Test
    void dicts_and_lists_that_hold_themselves_end() {
        StringBuilder keys = new StringBuilder();
        for (String key : new String[] {"state_dict", "model", "net", "ema", "module", "a", "b", "c", "d"}) {
            keys.append("X")
                    .append((char) key.length())
                    .append("\0\0\0")
                    .append(key)
                    .append("h\0s");
        }
        Path dict = write(pickle().raw("}q\0" + keys + ".").file());
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThatThrownBy(() -> Checkpoint.open(dict)).isInstanceOf(CheckpointException.class));
        // A tuple within itself by way of a list, whose text would be endless.
        Path tuple = write(pickle().raw("]q\0h\0\u0085q\1a0h\1.").file());
        assertThatThrownBy(() -> Checkpoint.open(tuple)).hasMessageContaining("a sequence of 1");
        Path doubling = write(pickle().raw(")q\0")
                .raw("h\0h\0\u0086q\0".repeat(100))
                .raw("}h\0Ns.")
                .file());
        assertThatThrownBy(() -> Checkpoint.open(doubling)).hasMessageContaining("no tensors");
    }

    @Test
    void nesting_of_any_depth_ends() {
        Path file = write(pickle().raw(")" + "\u0085".repeat(1_000_000) + ".").file());

        assertThatThrownBy(() -> Checkpoint.open(file)).hasMessageContaining("holds no state dict");
    }

    @Test
    void all_that_was_kept_out_is_told_at_once() {
        PickleBytes pickle = pickle().raw("(")
                .global("os", "system")
                .global("argparse", "Namespace")
                .raw("t.");

        assertThatThrownBy(() -> Checkpoint.open(write(pickle.file())))
                .hasMessageContaining("\n  - os.system\n  - argparse.Namespace")
                .hasMessageContaining("runs nothing from a file")
                .hasMessageContaining("save the tensors alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"training.pt", "types-legacy.pt", "protocol4-legacy.pt", "nested.pt"})
    void a_file_cut_or_changed_anywhere_gives_tensors_or_a_clear_refusal(String name) {
        byte[] whole = TestFiles.resource("torch/" + name);
        for (int length = 0; length < whole.length; length += 1 + whole.length / 150) {
            Path file = write(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Checkpoint.open(file)).isInstanceOf(CheckpointException.class);
        }
        Random random = new Random(7);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] bytes = whole.clone();
            for (int change = 0; change <= round % 3; change++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Checkpoint checkpoint = Checkpoint.open(write(bytes));
                for (String tensor : checkpoint.names()) {
                    checkpoint.floats(tensor);
                }
            } catch (CheckpointException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(20, 299);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0080\2}.", "\u0080\4N.", "\u0080\3cos\nsystem\n)R."})
    void a_plain_pickle_is_named(String pickle) {
        byte[] bytes = new PickleBytes().raw(pickle + " ".repeat(10)).toBytes();

        assertThatThrownBy(() -> Checkpoint.open(write(bytes)))
                .hasMessageContaining("a pickle that torch.save did not");
    }

    @Test
    void a_tar_is_named() {
        byte[] tar = new byte[1024];
        tar[0] = 's';
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);

        assertThatThrownBy(() -> Checkpoint.open(write(tar))).hasMessageContaining("PyTorch 0.1");
    }

    private static PickleBytes pickle() {
        return new PickleBytes().raw("\u0080\2");
    }

    /** {@code {"w": tensor}} of one axis. */
    private static PickleBytes tensor(int elements, int offset, int length) {
        PickleBytes pickle = pickle().raw("}")
                .text("w")
                .global("torch._utils", "_rebuild_tensor_v2")
                .raw("(");
        return pickle.storage(elements).integer(offset).integer(length).raw("\u0085K\1\u0085\u0089NtRs.");
    }

    private Path write(byte[] bytes) {
        return TestFiles.write(folder.resolve("evil.bin"), bytes);
    }
}
