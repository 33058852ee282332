package dev.tailor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CorrelationTest {

    /** The numbers are those of scipy 1.17. */
    @Test
    void values_and_ranks_with_ties_correlate_as_in_scipy() {
        double[] first = {1, 2, 2, 3, 5, 5, 5, 8, -1, 0};
        double[] second = {2, 1, 4, 4, 7, 3, 9, 6, 0.5, 0.5};
        Correlation found = Correlation.of(first, second);
        assertThat(found.pearson()).isCloseTo(0.7740653530990438, within(1e-12));
        assertThat(found.spearman()).isCloseTo(0.839045479071856, within(1e-12));
        assertThat(found).hasToString("Spearman 0.8390, Pearson 0.7741 (10 pairs)");
    }

    @Test
    void a_rising_curve_has_perfect_ranks_and_a_falling_one_the_opposite() {
        double[] numbers = {1, 2, 3, 4};
        assertThat(Correlation.of(numbers, new double[] {1, 10, 100, 1000}).spearman())
                .isCloseTo(1, within(1e-12));
        assertThat(Correlation.of(numbers, new double[] {-1, -2, -3, -4}).pearson())
                .isCloseTo(-1, within(1e-12));
        assertThat(Correlation.of(numbers, new double[] {7, 7, 7, 7}).spearman())
                .isNaN();
    }

    @Test
    void rows_that_do_not_fit_are_refused() {
        assertThatThrownBy(() -> Correlation.of(new double[] {1}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Correlation.of(new double[] {1, 2}, new double[] {1, Double.NaN}))
                .hasMessageContaining("pair 1");
    }
}
