package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {

    /** Lengths in, the batches' lengths out. */
    private static List<List<Integer>> batches(List<Integer> lengths, int size, long area) {
        List<List<Integer>> batches = new ArrayList<>();
        List<Integer> answers = Batches.run(lengths, size, area, i -> i, batch -> {
            batches.add(List.copyOf(batch));
            return batch;
        });
        assertThat(answers).isEqualTo(lengths);
        return batches;
    }

    @Test
    void inputs_of_one_length_fill_batches() {
        assertThat(batches(List.of(7, 7, 7, 7, 7), 2, 1000)).containsExactly(List.of(7, 7), List.of(7, 7), List.of(7));
    }

    @Test
    void a_batch_is_split_where_padding_would_cost_more_than_another_batch() {
        assertThat(batches(List.of(16, 4, 16, 4, 4, 4), 32, 1000))
                .containsExactly(List.of(4, 4, 4, 4), List.of(16, 16));
        assertThat(batches(List.of(5, 4, 4), 32, 1000)).containsExactly(List.of(4, 4, 5));
    }

    @Test
    void a_batch_never_exceeds_its_area_but_for_a_single_input() {
        assertThat(batches(List.of(10, 10, 10, 50), 32, 20)).containsExactly(List.of(10, 10), List.of(10), List.of(50));
    }

    @Test
    void no_inputs_make_no_batch() {
        assertThat(batches(List.of(), 32, 1000)).isEmpty();
    }

    @Test
    void no_other_way_to_cut_costs_less() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            int[] sorted = random.ints(9, 1, 40).sorted().toArray();
            long best = Long.MAX_VALUE;
            for (int cuts = 0; cuts < 1 << 8; cuts++) {
                int mask = cuts;
                best = Math.min(best, cost(sorted, i -> (mask >> i & 1) == 1));
            }
            int[] ends = Batches.ends(sorted, 4, 100);
            List<Integer> found = new ArrayList<>();
            for (int from = 0; from < 9; from = ends[from]) {
                found.add(ends[from] - 1);
            }
            assertThat(cost(sorted, found::contains)).isEqualTo(best);
        }
    }

    /** What cutting behind some inputs costs; no number where a batch is too large. */
    private static long cost(int[] sorted, IntPredicate cutBehind) {
        long cost = 0;
        int from = 0;
        for (int i : IntStream.range(0, sorted.length).toArray()) {
            if (i == sorted.length - 1 || cutBehind.test(i)) {
                int rows = i + 1 - from;
                if (rows > 4 || rows > 1 && rows * sorted[i] > 100) {
                    return Long.MAX_VALUE;
                }
                cost += 16 + (long) rows * sorted[i];
                from = i + 1;
            }
        }
        return cost;
    }
}
