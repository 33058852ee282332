package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.tailor.TailorException;
import dev.tailor.engine.Optimizer;
import dev.tailor.engine.TrainableNetwork;
import dev.tailor.engine.TrainableNetwork.Update;
import dev.tailor.program.Kind;
import dev.tailor.program.Losses;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training steps are those that torch takes ({@code training.py}). */
class TrainingTest {
    private static final Set<String> FROZEN = Set.of("conv.bias", "norm.weight");
    private static final Optimizer ADAMW = new Optimizer.AdamW(0.8, 0.95, 1e-6);

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

    private TracedModel trained(Function<Scope, Map<String, Value>> network, double smoothing) {
        return Nets.onWaves(folder, network).withObjective(Losses.crossEntropy(smoothing, List.of(), 0));
    }

    private static Update update(TrainableNetwork network, Function<Integer, Double> rate, double maxNorm) {
        List<String> keys = network.trainable();
        double[] rates = new double[keys.size()];
        double[] decays = new double[keys.size()];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = rate.apply(i);
            decays[i] = keys.get(i).endsWith("weight") ? 0.1 : 0;
        }
        return new Update(rates, decays, maxNorm);
    }

    private static double accumulate(TrainableNetwork network, NDArray x, double scale, long... labels) {
        return network.accumulate(Map.of("x", x, "labels", x.getManager().create(labels)), scale, 0);
    }

    private static float[] logits(TrainableNetwork network, NDArray x) {
        try (NDArray result = network.evaluate(Map.of("x", x)).get("logits")) {
            return result.toFloatArray();
        }
    }

    @Test
    void steps_are_those_of_torch() {
        Map<String, float[]> expected = Nets.recorded("training.txt");
        TracedModel model = trained(TrainingTest::small, 0.1);
        try (TrainableNetwork network = Nets.training(model, key -> !FROZEN.contains(key), ADAMW);
                NDManager manager = network.newManager()) {
            NDArray first = Nets.floats(manager, 0, 4, 2, 5, 5);
            Nets.assertClose(logits(network, first), expected.get("evaluated_before"), 3e-6f);
            assertThat(network.trainable()).containsExactly("conv.weight", "norm.bias", "fc.weight", "fc.bias");
            Map<String, float[]> before = network.weights();
            double[] limits = {Double.POSITIVE_INFINITY, 0.05, Double.POSITIVE_INFINITY};
            for (int step = 0; step < limits.length; step++) {
                NDArray x = Nets.floats(manager, 0.3 * step, 4, 2, 5, 5);
                double loss = accumulate(network, x, 1, 0, 3, 1, 2);
                double norm = network.update(update(network, i -> 0.01 * (i + 1), limits[step]));
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
        TracedModel model = trained(s -> dense(s, 0), 0);
        Map<String, float[]> whole;
        double norm;
        double loss;
        try (TrainableNetwork network = Nets.training(model, key -> true, ADAMW);
                NDManager manager = network.newManager()) {
            loss = accumulate(network, Nets.floats(manager, 0, 4, 6), 1, 0, 1, 2, 3);
            norm = network.update(update(network, i -> 0.1, 1));
            whole = network.weights();
        }
        try (TrainableNetwork network = Nets.training(model, key -> true, ADAMW);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 6);
            double first = accumulate(network, x.get("0:2"), 0.5, 0, 1);
            assertThat(first + accumulate(network, x.get("2:4"), 0.5, 2, 3)).isCloseTo(loss, within(1e-6));
            assertThat(network.update(update(network, i -> 0.1, 1))).isCloseTo(norm, within(1e-6));
            network.weights().forEach((key, values) -> Nets.assertClose(values, whole.get(key), 1e-5f));
        }
    }

    @Test
    void restore_puts_all_weights_and_statistics_back() {
        TracedModel model = trained(TrainingTest::small, 0);
        try (TrainableNetwork network = Nets.training(model, key -> true, ADAMW);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 2, 5, 5);
            Map<String, float[]> before = network.weights();
            float[] logits = logits(network, x);
            accumulate(network, x, 1, 0, 1, 2, 3);
            network.update(update(network, i -> 0.1, 1));
            assertThat(logits(network, x)).isNotEqualTo(logits);
            assertThat(network.weights().get("norm.running_mean")).isNotEqualTo(before.get("norm.running_mean"));

            network.restore(before);

            network.weights().forEach((key, values) -> assertThat(values).isEqualTo(before.get(key)));
            assertThat(logits(network, x)).isEqualTo(logits);
            // The restored weights still take gradients.
            accumulate(network, x, 1, 0, 1, 2, 3);
            assertThat(network.update(update(network, i -> 0.1, 1))).isPositive();
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
        TracedModel model = trained(s -> dense(s, 0.5), 0);
        double[] first = losses(model, 7);
        assertThat(losses(model, 7)).isEqualTo(first);
        assertThat(losses(model, 8)).isNotEqualTo(first);
        assertThat(Arrays.stream(first).distinct().count()).isEqualTo(first.length);
    }

    private static double[] losses(TracedModel model, long seed) {
        try (TrainableNetwork network = Nets.training(model, key -> true, ADAMW);
                NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 6);
            double[] losses = new double[5];
            for (int i = 0; i < losses.length; i++) {
                NDArray labels = manager.create(new long[] {0, 1, 2, 3});
                losses[i] = network.accumulate(Map.of("x", x, "labels", labels), 1, seed + i);
            }
            float[] once = logits(network, x);
            assertThat(logits(network, x)).isEqualTo(once);
            return losses;
        }
    }

    @Test
    void a_parameter_that_a_call_does_not_need_keeps_its_value() {
        TracedModel model = trained(
                s -> {
                    Value x = s.linear("one", s.input("x", Kind.FLOAT, "batch", 6), 4);
                    Value y = s.optionalInput("y", Kind.FLOAT, "batch", 3);
                    Value other = s.linear("unused", x, 2);
                    return Map.of("logits", y == null ? x : x.add(s.linear("two", y, 4)), "other", other);
                },
                0);
        try (TrainableNetwork network = Nets.training(model, key -> true, ADAMW);
                NDManager manager = network.newManager()) {
            // What only another output needs cannot be trained by the logits.
            assertThat(network.trainable()).containsExactly("one.weight", "one.bias", "two.weight", "two.bias");
            Map<String, float[]> before = network.weights();
            accumulate(network, Nets.floats(manager, 0, 4, 6), 1, 0, 1, 2, 3);
            double[] rates = {0.1, 0.1, 0.1, 0.1};
            network.update(new Update(rates, new double[4], 1));
            assertThat(network.weights().get("one.bias")).isNotEqualTo(before.get("one.bias"));
            assertThat(network.weights().get("two.bias")).isEqualTo(before.get("two.bias"));
            assertThat(network.weights().get("unused.bias")).isEqualTo(before.get("unused.bias"));
        }
    }

    static Map<String, Optimizer> optimizers() {
        return Map.of(
                "sgd",
                Optimizer.sgd(0),
                "momentum",
                Optimizer.sgd(0.9),
                "nesterov",
                new Optimizer.Sgd(0.8, true),
                "lion",
                new Optimizer.Lion(0.9, 0.95),
                "adamw",
                ADAMW);
    }

    static Set<String> optimizerNames() {
        return optimizers().keySet();
    }

    @ParameterizedTest
    @MethodSource("optimizerNames")
    void optimizers_change_weights_as_torch_does(String name) {
        Map<String, float[]> expected = Nets.recorded("training.txt");
        TracedModel model = trained(s -> dense(s, 0), 0);
        try (TrainableNetwork network =
                        Nets.training(model, key -> true, optimizers().get(name));
                NDManager manager = network.newManager()) {
            for (int step = 0; step < 4; step++) {
                accumulate(network, Nets.floats(manager, 0.3 * step, 4, 6), 1, 0, 3, 1, 2);
                network.update(update(network, i -> 0.01 * (i + 1), 0.5));
            }
            network.weights().forEach((key, values) -> Nets.assertClose(values, expected.get(name + "_" + key), 2e-5f));
        }
    }

    @ParameterizedTest
    @MethodSource("optimizerNames")
    void a_training_goes_on_from_its_state_as_if_it_had_never_stopped(String name) {
        TracedModel model = trained(s -> dense(s, 0.3), 0);
        Map<String, float[]> weights;
        TrainableNetwork.OptimizerState state;
        Map<String, float[]> expected;
        try (TrainableNetwork network =
                        Nets.training(model, key -> true, optimizers().get(name));
                NDManager manager = network.newManager()) {
            steps(network, manager, 0, 3);
            weights = network.weights();
            state = network.optimizerState();
            steps(network, manager, 3, 6);
            expected = network.weights();
        }
        try (TrainableNetwork network =
                        Nets.training(model, key -> true, optimizers().get(name));
                NDManager manager = network.newManager()) {
            network.restore(weights);
            network.restore(state);
            steps(network, manager, 3, 6);
            network.weights().forEach((key, values) -> assertThat(values).isEqualTo(expected.get(key)));
        }
    }

    private static void steps(TrainableNetwork network, NDManager manager, int from, int to) {
        for (int step = from; step < to; step++) {
            NDArray x = Nets.floats(manager, 0.3 * step, 4, 6);
            NDArray labels = manager.create(new long[] {0, 3, 1, 2});
            network.accumulate(Map.of("x", x, "labels", labels), 1, step);
            network.update(update(network, i -> 0.01, 0.5));
        }
    }

    @Test
    void a_state_of_another_optimizer_is_refused() {
        TracedModel model = trained(s -> dense(s, 0), 0);
        try (TrainableNetwork one = Nets.training(model, key -> true, ADAMW);
                TrainableNetwork other = Nets.training(model, key -> true, Optimizer.sgd(0.9))) {
            TrainableNetwork.OptimizerState state = one.optimizerState();
            assertThat(state.updates()).isZero();
            assertThatThrownBy(() -> other.restore(state))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[m]")
                    .hasMessageContaining("another optimizer");
        }
    }

    @Test
    void a_parameter_without_a_rate_stays_and_is_left_out_of_the_norm() {
        TracedModel model = trained(s -> dense(s, 0), 0);
        double head;
        try (TrainableNetwork network = Nets.training(model, key -> key.startsWith("two"), ADAMW);
                NDManager manager = network.newManager()) {
            accumulate(network, Nets.floats(manager, 0, 4, 6), 1, 0, 1, 2, 3);
            head = network.update(update(network, i -> 0.1, 1));
        }
        try (TrainableNetwork network = Nets.training(model, key -> true, ADAMW);
                NDManager manager = network.newManager()) {
            Map<String, float[]> before = network.weights();
            accumulate(network, Nets.floats(manager, 0, 4, 6), 1, 0, 1, 2, 3);
            double norm = network.update(
                    update(network, i -> network.trainable().get(i).startsWith("two") ? 0.1 : Double.NaN, 1));
            assertThat(norm).isCloseTo(head, within(1e-6));
            assertThat(network.weights().get("one.weight")).isEqualTo(before.get("one.weight"));
            assertThat(network.weights().get("two.weight")).isNotEqualTo(before.get("two.weight"));
            accumulate(network, Nets.floats(manager, 0, 4, 6), 1, 0, 1, 2, 3);
            assertThatThrownBy(() -> network.update(update(network, i -> Double.NaN, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at least one");
        }
    }

    @Test
    void mistakes_are_named() {
        TracedModel model = trained(s -> dense(s, 0), 0);
        assertThatThrownBy(() -> Nets.training(model, key -> false, ADAMW))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("the tiny model")
                .hasMessageContaining("frozen");
        TrainableNetwork network = Nets.training(model, key -> true, ADAMW);
        try (NDManager manager = network.newManager()) {
            NDArray x = Nets.floats(manager, 0, 4, 6);
            Update step = update(network, i -> 0.1, 1);
            assertThatThrownBy(() -> network.update(step))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("accumulate");
            assertThatThrownBy(() -> accumulate(network, x, 1, 0, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("labels")
                    .hasMessageContaining("batch=4")
                    .hasMessageContaining("(2)");
            NDArray floats = manager.create(new float[4]);
            assertThatThrownBy(() -> network.accumulate(Map.of("x", x, "labels", floats), 1, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("int64");
            assertThatThrownBy(() -> accumulate(network, x, 1, 0, 1, 2, 4))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("the tiny model")
                    .hasMessageContaining("4");
            accumulate(network, x, 1, 0, 1, 2, 3);
            Update few = new Update(new double[1], new double[1], 1);
            assertThatThrownBy(() -> network.update(few))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("4 parameters");
            assertThat(x.getDataType()).isEqualTo(DataType.FLOAT32);

            network.close();
            network.close();

            assertThatThrownBy(() -> accumulate(network, x, 1, 0, 1, 2, 3))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the tiny model");
            assertThatThrownBy(() -> network.update(step)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(network::weights).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(network::newManager).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> network.evaluate(Map.of("x", x))).isInstanceOf(IllegalStateException.class);
        }
    }
}
