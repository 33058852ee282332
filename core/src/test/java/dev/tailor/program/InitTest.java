package dev.tailor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InitTest {
    /** Recorded once: a saved seed must give the same head in every version. */
    private static final float[] UNIFORM = {0.48312977f, -0.68017924f, -0.44279775f};

    private static final float[] NORMAL = {-0.7171652f, 1.02676f, 1.0366873f};

    private static double deviation(float[] values) {
        double square = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] * (double) values[i])
                .average()
                .orElseThrow();
        return Math.sqrt(square);
    }

    @Test
    void a_seed_gives_the_same_values_everywhere() {
        assertThat(new Init.Uniform(1).draw(3, 42)).containsExactly(UNIFORM);
        assertThat(new Init.Normal(1).draw(3, 42)).containsExactly(NORMAL);
        assertThat(new Init.Normal(1).draw(5, 42)).startsWith(NORMAL);
        assertThat(new Init.Normal(1).draw(3, 43)).isNotEqualTo(new Init.Normal(1).draw(3, 42));
    }

    @Test
    void distributions_have_their_spread() {
        float[] normal = new Init.Normal(0.02).draw(100_000, 1);
        assertThat(deviation(normal)).isCloseTo(0.02, within(2e-4));
        float[] uniform = Init.fanIn(16).draw(100_000, 1);
        double largest = IntStream.range(0, uniform.length)
                .mapToDouble(i -> Math.abs(uniform[i]))
                .max()
                .orElseThrow();
        assertThat(largest).isCloseTo(0.25, within(1e-3)).isLessThanOrEqualTo(0.25);
        assertThat(deviation(uniform)).isCloseTo(0.25 / Math.sqrt(3), within(2e-3));
        assertThat(deviation(Init.kaimingFanOut(50).draw(100_000, 1))).isCloseTo(0.2, within(2e-3));
        assertThat(Init.ones().draw(3, 1)).containsExactly(1, 1, 1);
        assertThat(Init.zeros().draw(3, 1)).containsExactly(0, 0, 0);
    }
}
