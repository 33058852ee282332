package dev.tailor.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which sizes get weights of their own. */
class ShapePacksTest {
    private final List<String> made = new ArrayList<>();

    @BeforeAll
    static void start() {
        TorchRuntime.engine();
    }

    private Optional<IValue> call(ShapePacks packs, long... size) {
        return packs.of("f", List.of(size), () -> {
            made.add(size[0] + "x" + size[1]);
            return IValue.from(made.size());
        });
    }

    @Test
    void a_size_that_comes_back_gets_weights_and_keeps_them() {
        try (ShapePacks packs = new ShapePacks()) {
            assertThat(call(packs, 1, 224)).isEmpty();
            Optional<IValue> second = call(packs, 1, 224);
            assertThat(second).isPresent();
            assertThat(call(packs, 1, 224)).isEqualTo(second);
            assertThat(made).containsExactly("1x224");
        }
    }

    @Test
    void batches_are_alike_but_not_like_a_single_picture() {
        try (ShapePacks packs = new ShapePacks()) {
            assertThat(call(packs, 1, 224)).isEmpty();
            assertThat(call(packs, 4, 224)).isEmpty();
            assertThat(call(packs, 9, 224)).isPresent();
            assertThat(made).containsExactly("9x224");
        }
    }

    @Test
    void the_first_two_sizes_that_come_back_are_all() {
        try (ShapePacks packs = new ShapePacks()) {
            for (int round = 0; round < 3; round++) {
                for (long width = 100; width < 110; width++) {
                    call(packs, 1, width);
                }
            }
            assertThat(made).containsExactly("1x100", "1x101");
            assertThat(call(packs, 1, 105)).isEmpty();
        }
    }

    @Test
    void sizes_that_never_come_back_are_forgotten() {
        try (ShapePacks packs = new ShapePacks()) {
            for (long width = 1; width < 1000; width++) {
                assertThat(call(packs, 1, width)).isEmpty();
            }
            assertThat(made).isEmpty();
        }
    }
}
