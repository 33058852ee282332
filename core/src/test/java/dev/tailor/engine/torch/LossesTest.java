package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.engine.Network;
import dev.tailor.program.Kind;
import dev.tailor.program.Losses;
import dev.tailor.program.Objective;
import dev.tailor.program.TracedModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Losses are those that {@code torch.nn.functional} gives for the same waves. */
class LossesTest {

    private static double loss(Objective objective, double factor, long[] shape, Object labels, long... labelShape) {
        Object[] axes = new Object[shape.length];
        axes[0] = "batch";
        for (int i = 1; i < axes.length; i++) {
            axes[i] = shape[i];
        }
        TracedModel model = Nets.request(
                        Checkpoint.empty(),
                        s -> Map.of("logits", s.input("x", Kind.FLOAT, axes).mul(factor)))
                .trace()
                .withObjective(objective);
        try (Network network = Nets.network(model);
                NDManager manager = network.newManager()) {
            NDArray target = labels instanceof long[] ids
                    ? manager.create(ids, new Shape(labelShape))
                    : manager.create((float[]) labels, new Shape(labelShape));
            Map<String, NDArray> inputs = Map.of("x", Nets.floats(manager, 0, shape), "labels", target);
            return network.forward(inputs).get(Objective.LOSS).getFloat();
        }
    }

    @Test
    void cross_entropy_with_its_options() {
        long[] shape = {4, 3};
        long[] labels = {0, 2, 1, 2};
        assertThat(loss(Losses.crossEntropy(), 2, shape, labels, 4)).isCloseTo(1.803821325, within(2e-6));
        Objective weighted = Losses.crossEntropy(0.2, List.of(1.0, 2.0, 0.5), 0);
        assertThat(loss(weighted, 2, shape, new long[] {0, Losses.IGNORED, 1, 2}, 4))
                .isCloseTo(1.563824296, within(2e-6));
        assertThat(loss(Losses.crossEntropy(0, List.of(), 2), 2, shape, labels, 4))
                .isCloseTo(1.363955259, within(2e-6));
    }

    @Test
    void cross_entropy_of_tokens_leaves_padding_out() {
        long[] labels = {0, 1, 2, -100, 2, 2, -100, -100};
        assertThat(loss(Losses.crossEntropy(), 2, new long[] {2, 4, 3}, labels, 2, 4))
                .isCloseTo(1.63327384, within(2e-6));
    }

    @Test
    void cross_entropy_of_shares_of_classes() {
        float[] shares = {0.75f, 0.25f, 0, 0, 0.5f, 0.5f, 1, 0, 0, 0.25f, 0.25f, 0.5f};
        long[] shape = {4, 3};
        assertThat(loss(Losses.softCrossEntropy(0, List.of()), 2, shape, shares, 4, 3))
                .isCloseTo(1.659229909, within(2e-6));
        assertThat(loss(Losses.softCrossEntropy(0.2, List.of(1.0, 2.0, 0.5)), 2, shape, shares, 4, 3))
                .isCloseTo(1.742081389, within(2e-6));
    }

    @Test
    void a_batch_of_nothing_but_padding_has_no_loss() {
        assertThat(loss(Losses.crossEntropy(), 2, new long[] {1, 3}, new long[] {-100}, 1))
                .isZero();
    }

    @Test
    void binary_cross_entropy_of_large_logits() {
        float[] labels = {1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1};
        assertThat(loss(Losses.binaryCrossEntropy(), 40, new long[] {4, 3}, labels, 4, 3))
                .isCloseTo(3.312976599, within(5e-6));
    }

    @Test
    void squared_error() {
        assertThat(loss(Losses.squaredError(), 2, new long[] {4, 3}, Nets.wave(12, 1), 4, 3))
                .isCloseTo(1.273156762, within(2e-6));
    }
}
