package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.tailor.TailorException;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.engine.TrainableNetwork.AdamW;
import dev.tailor.engine.TrainableNetwork.Loss;
import dev.tailor.program.Kind;
import dev.tailor.program.Scope;
import dev.tailor.program.TracedModel;
import dev.tailor.program.Value;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training steps are those that torch takes ({@code training.py}). */
class TrainingTest {
    private static final Set<String> FROZEN = Set.of("conv.bias", "norm.weight");
    private static final Loss PLAIN = new Loss(0, 1);

    @TempDir
    private Path folder;

    private static Map<String, Value> small(Scope s) {
        Value x = s.input("x", Kind.FLOAT, "batch", 2, "height", "width");
        Value y = s.batchNorm("norm", s.conv2d("conv", x, 3, 3, 1, 1, true), 1e-5, 0.2);
        return Map.of("logits", s.linear("fc", y.relu().mean(false, 2, 3), 4));
    }

    /** Two halves of a batch have the same statistics as the whole only without BatchNorm. */
    private static Map<String, Value> dense(Scope s, double dropout) {
        Value x = s.input("x", Kind.FLOAT, "batch", 6);
        Value y = s.dropout(s.linear("one", x, 5).tanh(), dropout);
        return Map.of("logits", s.linear("two", y, 4));
    }

    private static AdamW adamW(TrainableNetwork network, Function<Integer, Double> rate, double maxNorm) {
        List<String> keys = network.trainable();
        double[] rates = new double[keys.size()];
        double[] decays = new double[keys.size()];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = rate.apply(i);
            decays[i] = keys.get(i).endsWith("weight") ? 0.1 : 0;
        }
        return new AdamW(rates, decays, 0.8, 0.95, 1e-6, maxNorm);
    }

    private static double accumulate(TrainableNetwork network, NDArray x, Loss loss, long... labels) {
        return network.accumulate(Map.of("x", x), x.getManager().create(labels), loss);
    }

    private static float[] logits(TrainableNetwork network, NDArray x) {
        try (NDArray result = network.evaluate(Map.of("x", x)).get("logits")) {
            return result.toFloatArray();
        }
    }

    @Test
    void steps_are_those_of_torch() {
        Map<String, float[]> expected = Nets.recorded("training.txt");
        TracedModel model = Nets.onWaves(folder, TrainingTest::small);
        try (TrainableNetwork network = Nets.training(model, key -> !FROZEN.contains(key), 0);
                NDManager manager = network.newManager()) {
            NDArray first = Nets.floats(manager, 0, 4, 2, 5, 5);
            Nets.assertClose(logits(network, first), expected.get("evaluated_before"), 3e-6f);
            assertThat(network.trainable()).containsExactly("conv.weight", "norm.bias", "fc.weight", "fc.bias");
            Map<String, float[]> before = network.weights();
            double[] limits = {Double.POSITIVE_INFINITY, 0.05, Double.POSITIVE_INFINITY};
            for (int step = 0; step < limits.length; step++) {
                NDArray x = Nets.floats(manager, 0.3 * step, 4, 2, 5, 5);
                double loss = accumulate(network, x, new Loss(0.1, 1), 0, 3, 1, 2);
                double norm = network.update(adamW(network, i -> 0.01 * (i + 1), limits[step]));
                assertThat(loss).isCloseTo(expected.get("loss_" + step)[0], within(3e-6));
                assertThat(norm).isCloseTo(expected.get("norm_" + step)[0], within(1e-5));
                int now = step;
                network.weights()
                        .forEach((key, values) -> Nets.assertClose(values, expected.get(key + "_" + now), 2e-5f));
            }
            FROZEN.forEach(key -> assertThat(network.weights().get(key)).isEqualTo(before.get(key)));
            Nets.assertClose(logits(network, first), expected.get("evaluated_after"), 5e-5f);
        }
    }

    @Test
    void two_halves_of_a_batch_at_half_the_scale_are_one_batch() {
        TracedModel model = Nets.onWaves(folder, s -> dense(s, 0));
        Map<String, float[]> whole;
        double norm;
        double loss;
        try (TrainableNetwork network = Nets.training(model, key -> true, 0);
                NDManager manager = network.newManager()) {
            loss = accumulate(network, Nets.floats(manager, 0, 4, 6), PLAIN, 0, 1, 2, 3);
            norm = network.update(adamW(network, i -> 0.1, 1));
            whole = network.weights();
        }
        try (TrainableNetwork network = Nets.training(model, key -> true, 0);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 6);
            Loss half = new Loss(0, 0.5);
            double first = accumulate(network, x.get("0:2"), half, 0, 1);
            assertThat(first + accumulate(network, x.get("2:4"), half, 2, 3)).isCloseTo(loss, within(1e-6));
            assertThat(network.update(adamW(network, i -> 0.1, 1))).isCloseTo(norm, within(1e-6));
            network.weights().forEach((key, values) -> Nets.assertClose(values, whole.get(key), 1e-5f));
        }
    }

    @Test
    void restore_puts_all_weights_and_statistics_back() {
        TracedModel model = Nets.onWaves(folder, TrainingTest::small);
        try (TrainableNetwork network = Nets.training(model, key -> true, 0);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 2, 5, 5);
            Map<String, float[]> before = network.weights();
            float[] logits = logits(network, x);
            accumulate(network, x, PLAIN, 0, 1, 2, 3);
            network.update(adamW(network, i -> 0.1, 1));
            assertThat(logits(network, x)).isNotEqualTo(logits);
            assertThat(network.weights().get("norm.running_mean")).isNotEqualTo(before.get("norm.running_mean"));

            network.restore(before);

            network.weights().forEach((key, values) -> assertThat(values).isEqualTo(before.get(key)));
            assertThat(logits(network, x)).isEqualTo(logits);
            // The restored weights still take gradients.
            accumulate(network, x, PLAIN, 0, 1, 2, 3);
            assertThat(network.update(adamW(network, i -> 0.1, 1))).isPositive();
            assertThatThrownBy(() -> network.restore(Map.of("fc.bias", new float[4])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("conv.weight");
            Map<String, float[]> shorter = new HashMap<>(before);
            shorter.put("fc.bias", new float[3]);
            assertThatThrownBy(() -> network.restore(shorter))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("fc.bias");
        }
    }

    @Test
    void dropout_repeats_with_its_seed() {
        TracedModel model = Nets.onWaves(folder, s -> dense(s, 0.5));
        double[] first = losses(model, 7);
        assertThat(losses(model, 7)).isEqualTo(first);
        assertThat(losses(model, 8)).isNotEqualTo(first);
        assertThat(Arrays.stream(first).distinct().count()).isEqualTo(first.length);
    }

    private static double[] losses(TracedModel model, long seed) {
        try (TrainableNetwork network = Nets.training(model, key -> true, seed);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 6);
            double[] losses = new double[5];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = accumulate(network, x, PLAIN, 0, 1, 2, 3);
            }
            float[] once = logits(network, x);
            assertThat(logits(network, x)).isEqualTo(once);
            return losses;
        }
    }

    @Test
    void a_parameter_that_a_call_does_not_need_keeps_its_value() {
        TracedModel model = Nets.onWaves(folder, s -> {
            Value x = s.linear("one", s.input("x", Kind.FLOAT, "batch", 6), 4);
            Value y = s.optionalInput("y", Kind.FLOAT, "batch", 3);
            Value other = s.linear("unused", x, 2);
            return Map.of("logits", y == null ? x : x.add(s.linear("two", y, 4)), "other", other);
        });
        try (TrainableNetwork network = Nets.training(model, key -> true, 0);
                NDManager manager = network.newManager()) {
            // What only another output needs cannot be trained by the logits.
            assertThat(network.trainable()).containsExactly("one.weight", "one.bias", "two.weight", "two.bias");
            Map<String, float[]> before = network.weights();
            accumulate(network, Nets.floats(manager, 0, 4, 6), PLAIN, 0, 1, 2, 3);
            double[] rates = {0.1, 0.1, 0.1, 0.1};
            network.update(new AdamW(rates, new double[4], 0.9, 0.999, 1e-8, 1));
            assertThat(network.weights().get("one.bias")).isNotEqualTo(before.get("one.bias"));
            assertThat(network.weights().get("two.bias")).isEqualTo(before.get("two.bias"));
            assertThat(network.weights().get("unused.bias")).isEqualTo(before.get("unused.bias"));
        }
    }

    @Test
    void mistakes_are_named() {
        TracedModel model = Nets.onWaves(folder, s -> dense(s, 0));
        assertThatThrownBy(() -> Nets.training(model, key -> false, 0))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("the tiny model")
                .hasMessageContaining("frozen");
        TrainableNetwork network = Nets.training(model, key -> true, 0);
        try (NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 6);
            AdamW step = adamW(network, i -> 0.1, 1);
            assertThatThrownBy(() -> network.update(step))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("accumulate");
            assertThatThrownBy(() -> accumulate(network, x, PLAIN, 0, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("labels")
                    .hasMessageContaining("(4)")
                    .hasMessageContaining("(2)");
            NDArray floats = manager.create(new float[4]);
            assertThatThrownBy(() -> network.accumulate(Map.of("x", x), floats, PLAIN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("int64");
            assertThatThrownBy(() -> accumulate(network, x, PLAIN, 0, 1, 2, 4))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("the tiny model")
                    .hasMessageContaining("4");
            accumulate(network, x, PLAIN, 0, 1, 2, 3);
            AdamW few = new AdamW(new double[1], new double[1], 0.9, 0.9, 1e-8, 1);
            assertThatThrownBy(() -> network.update(few))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("4 parameters");
            assertThat(x.getDataType()).isEqualTo(DataType.FLOAT32);

            network.close();
            network.close();

            assertThatThrownBy(() -> accumulate(network, x, PLAIN, 0, 1, 2, 3))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the tiny model");
            assertThatThrownBy(() -> network.update(step)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(network::weights).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(network::newManager).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> network.evaluate(Map.of("x", x))).isInstanceOf(IllegalStateException.class);
        }
    }
}
