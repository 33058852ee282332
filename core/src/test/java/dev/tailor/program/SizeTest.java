package dev.tailor.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTest {
    private static final Size BATCH = new Size.Axis("batch");
    private static final Size SIDE = new Size.Axis("side");

    @ParameterizedTest
    @CsvSource({"7, 3, 10, 4, 21, 2, 1", "-7, 3, -4, -10, -21, -3, 2", "-6, 3, -3, -9, -18, -2, 0"})
    void numbers_fold_and_division_rounds_down(
            long a, long b, long sum, long difference, long product, long quotient, long rest) {
        Size x = Size.of(a);
        assertThat(List.of(x.plus(b), x.minus(b), x.times(b), x.floorDiv(b), x.mod(b)))
                .extracting(Size::constant)
                .containsExactly(sum, difference, product, quotient, rest);
        assertThat(x.max(b).constant()).isEqualTo(Math.max(a, b));
        assertThat(x.min(Size.of(b)).constant()).isEqualTo(Math.min(a, b));
    }

    @Test
    void neutral_numbers_vanish() {
        assertThat(SIDE.plus(0)).isSameAs(SIDE);
        assertThat(SIDE.minus(0)).isSameAs(SIDE);
        assertThat(SIDE.times(1)).isSameAs(SIDE);
        assertThat(SIDE.floorDiv(1)).isSameAs(SIDE);
        assertThat(Size.of(0).plus(SIDE)).isSameAs(SIDE);
        assertThat(Size.of(1).times(SIDE)).isSameAs(SIDE);
        assertThat(SIDE.mod(1)).isEqualTo(Size.of(0));
    }

    @Test
    void a_side_that_keeps_its_length_stays_one_size() {
        assertThat(SIDE.minus(1).plus(1)).isSameAs(SIDE);
        assertThat(SIDE.plus(2).plus(3).minus(1)).isEqualTo(SIDE.plus(4));
        assertThat(SIDE.times(2).times(3)).isEqualTo(SIDE.times(6));
        assertThat(SIDE.max(2).max(5)).isEqualTo(SIDE.max(5));
        assertThat(SIDE.floorDiv(2).times(2)).isNotEqualTo(SIDE);
    }

    @Test
    void sizes_compare_by_structure() {
        assertThat(new Size.Axis("batch")).isEqualTo(BATCH);
        assertThat(BATCH.plus(SIDE).times(4)).isEqualTo(BATCH.plus(SIDE).times(4));
        assertThat(BATCH.plus(SIDE).times(4)).hasSameHashCodeAs(BATCH.plus(SIDE).times(4));
        assertThat(Size.of(4).times(BATCH)).isEqualTo(BATCH.times(4));
        assertThat(BATCH.plus(SIDE)).isNotEqualTo(BATCH.minus(SIDE)).isNotEqualTo(BATCH.plus(BATCH));
        assertThat(Size.of(4).minus(BATCH)).isNotEqualTo(BATCH.minus(4));
        assertThat((Object) BATCH.plus(1)).isNotEqualTo(BATCH).isNotEqualTo(Size.of(1));
    }

    @Test
    void sizes_read_as_formulas() {
        assertThat(BATCH.times(SIDE)).hasToString("(batch * side)");
        assertThat(SIDE.minus(3).floorDiv(2).plus(1)).hasToString("(((side - 3) // 2) + 1)");
        assertThat(SIDE.mod(4).max(1).min(BATCH)).hasToString("(((side % 4) max 1) min batch)");
    }

    /** Each level uses the one below four times, as the border of a convolution in TensorFlow's manner does. */
    private static Size nested(int levels) {
        Size size = SIDE;
        for (int i = 0; i < levels; i++) {
            Size border = Size.of(3).minus(size.minus(1).mod(2).plus(1)).max(0);
            Size before = border.floorDiv(2);
            size = size.plus(before)
                    .plus(border.minus(before))
                    .minus(3)
                    .floorDiv(2)
                    .plus(size);
        }
        return size;
    }

    @Test
    void deep_sharing_does_not_explode() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            Size deep = nested(500);
            Size again = nested(500);
            assertThat(again.equals(deep)).isTrue();
            assertThat(again).hasSameHashCodeAs(deep).isNotEqualTo(nested(499));
            assertThat(again.plus(1).equals(deep.plus(2))).isFalse();
            assertThat(deep.toString()).hasSizeLessThan(200);
            Map<Size, String> names = new HashMap<>(Map.of(deep, "deep"));
            assertThat(names).containsEntry(again, "deep");
        });
    }

    @Test
    void what_cannot_be_known_is_refused() {
        assertThat(BATCH.isConstant()).isFalse();
        assertThatThrownBy(() -> BATCH.plus(1).constant())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("(batch + 1)");
        assertThatThrownBy(() -> BATCH.floorDiv(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Size.of(4).mod(-2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Size.of(Long.MAX_VALUE).plus(1)).isInstanceOf(ArithmeticException.class);
    }
}
