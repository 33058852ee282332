package dev.tailor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AxisLengthsTest {
    private static final Size BATCH = new Size.Axis("batch");
    private static final Size SIDE = new Size.Axis("side");

    private final AxisLengths lengths = new AxisLengths(Map.of("batch", 3L, "side", 7L));

    @Test
    void arithmetic_over_axes() {
        assertThat(lengths.of(BATCH.times(SIDE.plus(1).floorDiv(2)).minus(1))).isEqualTo(11);
        assertThat(lengths.of(SIDE.mod(4).max(2).min(BATCH))).isEqualTo(3);
        assertThat(lengths.of(Size.of(5))).isEqualTo(5);
    }

    @Test
    void sizes_that_share_their_parts_are_computed_once() {
        Size deep = SIDE;
        for (int i = 0; i < 200; i++) {
            deep = deep.plus(deep).mod(1000);
        }
        long expected = 7;
        for (int i = 0; i < 200; i++) {
            expected = 2 * expected % 1000;
        }
        assertThat(lengths.of(deep)).isEqualTo(expected);
    }

    @Test
    void an_axis_without_length_is_named() {
        assertThatThrownBy(() -> lengths.of(new Size.Axis("width").plus(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"width\"")
                .hasMessageContaining("side");
    }
}
