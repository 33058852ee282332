package dev.tailor.transfer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Learning rates over a run; those of one cycle are recorded from {@code torch.optim.lr_scheduler.OneCycleLR}. */
class ScheduleTest {

    private static double[] factors(Schedule schedule, int warmup, int total) {
        return IntStream.range(0, total)
                .mapToDouble(step -> schedule.factor(step, warmup, total))
                .toArray();
    }

    @Test
    void one_cycle_is_that_of_torch() {
        assertThat(factors(Schedule.ONE_CYCLE, 0, 10))
                .containsExactly(
                        new double[] {
                            0.04,
                            0.52,
                            1.0,
                            0.950484632,
                            0.8117456539,
                            0.6112620219,
                            0.3887419781,
                            0.1882583461,
                            0.049519368,
                            4e-06
                        },
                        within(1e-9));
        double[] longer = factors(Schedule.ONE_CYCLE, 5, 20);
        assertThat(Arrays.copyOf(longer, 5))
                .containsExactly(new double[] {0.04, 0.180588745, 0.52, 0.859411255, 1.0}, within(1e-9));
        assertThat(Arrays.copyOfRange(longer, 17, 20))
                .containsExactly(new double[] {0.0432310983, 0.0109301559, 4e-06}, within(1e-9));
    }

    @Test
    void every_schedule_rises_over_the_warm_up_and_stays_within_the_full_rate() {
        for (Schedule schedule : Schedule.values()) {
            double[] factors = factors(schedule, 4, 20);
            for (int i = 1; i < 4; i++) {
                assertThat(factors[i]).as("%s at %s", schedule, i).isGreaterThan(factors[i - 1]);
            }
            assertThat(Arrays.stream(factors)).allMatch(f -> f >= 0 && f <= 1);
            // A run of one step is no division by zero.
            assertThat(schedule.factor(0, 0, 1)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void lines_and_cosines_fall_to_zero() {
        assertThat(factors(Schedule.LINEAR, 2, 6)).containsExactly(0, 0.5, 1, 0.75, 0.5, 0.25);
        assertThat(factors(Schedule.COSINE, 0, 4))
                .containsExactly(new double[] {1, 0.8535533906, 0.5, 0.1464466094}, within(1e-9));
        assertThat(factors(Schedule.CONSTANT, 2, 4)).containsExactly(0, 0.5, 1, 1);
    }
}
