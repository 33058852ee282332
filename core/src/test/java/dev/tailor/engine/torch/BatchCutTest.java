package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import dev.tailor.Precision;
import dev.tailor.engine.Engine;
import dev.tailor.engine.Network;
import dev.tailor.program.Kind;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large batches run in parts and give what they give at once. */
class BatchCutTest {
    private static final int WIDTH = 4;

    @TempDir
    private Path folder;

    private TracedModel model(UnaryOperator<Value> then) {
        return Nets.onWaves(folder, s -> {
            Value x = s.input("x", Kind.FLOAT, "batch", "length", WIDTH);
            return Map.of("y", then.apply(s.linear("a", x, WIDTH)));
        });
    }

    private Optional<BatchCut> cut(UnaryOperator<Value> then) {
        Program.Function function = model(then).program().main();
        return BatchCut.of(function);
    }

    @Test
    void parts_are_even_and_hold_what_fits() {
        BatchCut cut = cut(y -> y).orElseThrow();
        long mebibyte = (1 << 20) / (WIDTH * Float.BYTES);
        assertThat(cut.rows(List.of(new long[] {16, mebibyte, WIDTH}), Float.BYTES))
                .isEqualTo(16);
        assertThat(cut.rows(List.of(new long[] {32, mebibyte, WIDTH}), Float.BYTES))
                .isEqualTo(16);
        assertThat(cut.rows(List.of(new long[] {32, mebibyte, WIDTH}), Short.BYTES))
                .isEqualTo(32);
        assertThat(cut.rows(List.of(new long[] {5, 12 * mebibyte, WIDTH}), Float.BYTES))
                .isEqualTo(1);
        assertThat(cut.rows(List.of(new long[] {1, 100 * mebibyte, WIDTH}), Float.BYTES))
                .isEqualTo(1);
    }

    @Test
    void what_looks_at_several_examples_stays_whole() {
        assertThat(cut(y -> y.mean(true, 0).add(y))).isEmpty();
        assertThat(cut(y -> y.permute(1, 0, 2))).isEmpty();
        assertThat(cut(y -> y.softmax(0))).isEmpty();
        assertThat(cut(y -> y.mean(false, 0, 1))).isEmpty();
        assertThat(cut(y -> y.reshape(y.size(0).times(y.size(1)), Size.of(WIDTH))))
                .isEmpty();
        assertThat(cut(y -> y.softmax(1).mean(false, 2))).isPresent();
    }

    @Test
    void all_of_a_large_batch_is_computed() {
        TracedModel model = model(y -> y.softmax(2));
        Engine.Settings settings = new Engine.Settings("rows", Device.cpu(), Precision.FLOAT32, 0);
        try (Network network = new TorchEngine().inference(model, settings);
                NDManager manager = network.newManager()) {
            long length = (8 << 20) / (WIDTH * Float.BYTES);
            NDArray x = Nets.floats(manager, 1, 7, length, WIDTH);
            NDArray found = network.forward(Map.of("x", x)).get("y");
            NDArray expected = network.block()
                    .forward(new ParameterStore(manager, false), new NDList(x), false)
                    .get(0);
            assertThat(found.getShape()).isEqualTo(expected.getShape());
            assertThat(found.getManager()).isSameAs(x.getManager());
            assertThat(found.sub(expected).abs().max().getFloat()).isCloseTo(0f, within(1e-6f));
            assertThat(manager.getManagedArrays()).hasSizeLessThan(12);
        }
    }
}
