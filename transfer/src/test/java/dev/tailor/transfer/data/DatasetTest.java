package dev.tailor.transfer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
    private static Dataset<Integer, String> numbers(int size, int classes) {
        return Dataset.of(IntStream.range(0, size).boxed().toList(), i -> "class " + i % classes);
    }

    private static List<Integer> inputs(Dataset<Integer, ?> dataset) {
        List<Integer> inputs = new ArrayList<>();
        dataset.forEach(example -> inputs.add(example.input()));
        return inputs;
    }

    @Test
    void examples_in_memory_keep_order_targets_and_sources() {
        Dataset<Integer, String> dataset = numbers(5, 2);
        assertThat(dataset.get(3)).isEqualTo(new Example<>(3, "class 1", "item 3"));
        assertThat(dataset.targets()).containsExactly("class 0", "class 1", "class 0", "class 1", "class 0");
        assertThat(dataset.counts()).containsExactly(Map.entry("class 0", 3), Map.entry("class 1", 2));
        assertThat(inputs(dataset)).containsExactly(0, 1, 2, 3, 4);
        assertThat(Dataset.of(List.of(Example.of("a", 1.5))).get(0)).isEqualTo(new Example<>("a", 1.5, ""));
        assertThatNullPointerException()
                .isThrownBy(() -> Dataset.<Integer, String>of(List.of(1), i -> nothing()))
                .withMessageContaining("item 0");
    }

    @SuppressWarnings("NullAway")
    private static String nothing() {
        return null;
    }

    @Test
    void subsets_of_subsets_refer_to_the_right_examples() {
        Dataset<Integer, String> odd = numbers(10, 2).subset(IntStream.of(1, 3, 5, 7, 9));
        assertThat(inputs(odd.subset(4, 0, 0))).containsExactly(9, 1, 1);
        assertThat(odd.subset(List.of(2)).target(0)).isEqualTo("class 1");
        assertThat(odd.subset()).isEmpty();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> odd.subset(5));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> odd.get(5));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> odd.target(-1));
    }

    @Test
    void a_subset_does_not_see_later_changes_of_the_array() {
        int[] indices = {1, 2};
        Dataset<Integer, String> subset = numbers(5, 2).subset(indices);
        indices[0] = 4;
        assertThat(inputs(subset)).containsExactly(1, 2);
    }

    @Test
    void split_keeps_the_mix_of_targets_and_loses_nothing() {
        Dataset<Integer, String> dataset =
                Dataset.of(IntStream.range(0, 100).boxed().toList(), i -> i < 70 ? "many" : i < 90 ? "some" : "few");
        Split<Integer, String> split = dataset.split(0.8, 42);
        assertThat(split.train().counts()).isEqualTo(Map.of("many", 56, "some", 16, "few", 8));
        assertThat(split.validation().counts()).isEqualTo(Map.of("many", 14, "some", 4, "few", 2));
        assertThat(inputs(split.train())).isSorted().doesNotContainAnyElementsOf(inputs(split.validation()));
    }

    @Test
    void split_depends_on_the_seed_alone() {
        Dataset<Integer, String> dataset = numbers(60, 3);
        assertThat(inputs(dataset.split(0.5, 7).train()))
                .isEqualTo(inputs(dataset.split(0.5, 7).train()));
        assertThat(inputs(dataset.split(0.5, 7).train()))
                .isNotEqualTo(inputs(dataset.split(0.5, 8).train()));
        // Pinned: a saved seed must give the same split in the next release.
        assertThat(inputs(numbers(12, 2).split(0.75, 42).validation())).containsExactly(6, 7, 11);
    }

    @Test
    void split_puts_every_repeated_target_on_both_sides_for_any_mix() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int size = 2 + random.nextInt(60);
            List<Integer> labels =
                    random.ints(size, 0, 1 + random.nextInt(20)).boxed().toList();
            double fraction = 0.02 + 0.96 * random.nextDouble();
            Dataset<Integer, Integer> dataset =
                    Dataset.of(IntStream.range(0, size).boxed().toList(), labels::get);
            Split<Integer, Integer> split = dataset.split(fraction, round);
            assertThat(split.train().size() + split.validation().size()).isEqualTo(size);
            assertThat(split.train().size()).isPositive();
            assertThat(split.validation().size()).isPositive();
            Set<Integer> all = new HashSet<>(inputs(split.train()));
            all.addAll(inputs(split.validation()));
            assertThat(all).hasSize(size);
            dataset.counts().forEach((target, count) -> {
                if (count >= 2) {
                    assertThat(split.train().counts()).containsKey(target);
                    assertThat(split.validation().counts()).containsKey(target);
                }
            });
        }
    }

    @Test
    void split_meets_the_fraction_over_many_small_classes() {
        Split<Integer, String> split = numbers(77 * 4, 77).split(0.7, 5);
        assertThat(split.train().size()).isEqualTo((int) Math.round(77 * 4 * 0.7));
    }

    @Test
    void numeric_targets_split_at_random() {
        Dataset<Integer, Double> dataset =
                Dataset.of(IntStream.range(0, 50).boxed().toList(), i -> i / 7.0);
        Split<Integer, Double> split = dataset.split(0.8, 3);
        assertThat(split.train().size()).isEqualTo(40);
        assertThat(inputs(split.validation()).get(9)).isGreaterThan(9);
    }

    @Test
    void wrong_fractions_and_single_examples_are_refused() {
        for (double fraction : new double[] {0, 1, -0.1, 80, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> numbers(10, 2).split(fraction, 0))
                    .withMessageContaining(Double.toString(fraction));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbers(1, 1).split(0.5, 0))
                .withMessageContaining("at least 2 examples");
    }
}
