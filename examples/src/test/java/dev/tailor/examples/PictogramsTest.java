package dev.tailor.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.cv.Image;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.data.Split;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PictogramsTest {
    static List<String> kinds() {
        return Pictograms.kinds();
    }

    private static int[] pixels(String kind, int size, long seed) {
        return pixels(Pictograms.draw(kind, size, seed));
    }

    private static int[] pixels(BufferedImage image) {
        int size = image.getWidth();
        assertThat(image.getHeight()).isEqualTo(size);
        return image.getRGB(0, 0, size, size, null, 0, size);
    }

    @Test
    void twenty_kinds_for_pre_training_and_eight_unseen_ones() {
        assertThat(Pictograms.kinds()).hasSize(28).doesNotHaveDuplicates();
        assertThat(Pictograms.pretraining()).hasSize(20).doesNotContainAnyElementsOf(Pictograms.unseen());
        assertThat(Pictograms.unseen())
                .containsExactly("umbrella", "envelope", "flag", "ladder", "mushroom", "bell", "glasses", "bottle");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void a_picture_depends_on_kind_size_and_seed_alone(String kind) {
        assertThat(pixels(kind, 48, 5)).isEqualTo(pixels(kind, 48, 5)).isNotEqualTo(pixels(kind, 48, 6));
        for (int size : new int[] {16, 33, 256}) {
            assertThat(pixels(kind, size, 7)).hasSize(size * size);
        }
    }

    @Test
    void things_fit_the_frame_in_any_pose() {
        for (Kind.Turn turn : Kind.Turn.values()) {
            for (long seed = 0; seed < 500; seed++) {
                Chance chance = new Chance(seed);
                Sketch sketch = new Sketch();
                Things.key(sketch, chance);
                Rectangle2D bounds = Scene.bounds(Scene.pose(sketch.layers(), turn, 100, chance));
                assertThat(new Rectangle2D.Double(-1e-6, -1e-6, 100 + 2e-6, 100 + 2e-6).contains(bounds))
                        .isTrue();
                assertThat(Math.max(bounds.getWidth(), bounds.getHeight())).isBetween(49.9, 95.1);
            }
        }
    }

    @Test
    void colours_keep_their_contrast() {
        for (long seed = 0; seed < 2000; seed++) {
            Palette palette = Palette.of(new Chance(seed));
            assertThat(Palette.contrast(palette.thing(), palette.background())).isGreaterThan(Palette.ENOUGH);
            assertThat(Palette.contrast(palette.thing(), palette.detail())).isGreaterThan(Palette.ENOUGH);
        }
        assertThat(Palette.contrast(Color.BLACK, Color.WHITE)).isCloseTo(100, within(1e-9));
        // L* of sRGB red is 53.24.
        assertThat(Palette.contrast(Color.BLACK, Color.RED)).isCloseTo(53.24, within(0.01));
    }

    @Test
    void data_set_draws_on_demand_and_splits_by_kind() {
        List<String> kinds = List.of("star", "key", "bell");
        Dataset<Image, String> dataset = Pictograms.dataset(kinds, 10, 32, 42);
        assertThat(dataset.size()).isEqualTo(30);
        assertThat(dataset.targets())
                .isEqualTo(
                        IntStream.range(0, 30).mapToObj(i -> kinds.get(i / 10)).toList());
        Example<Image, String> example = dataset.get(13);
        assertThat(example.source()).isEqualTo("key #3");
        assertThat(example.target()).isEqualTo("key");
        assertThat(example.input().getWidth()).isEqualTo(32);
        int[] drawn = pixels((BufferedImage) example.input().getWrappedImage());
        assertThat(pixels((BufferedImage) dataset.get(13).input().getWrappedImage()))
                .isEqualTo(drawn);
        assertThat(pixels((BufferedImage)
                        Pictograms.dataset(kinds, 10, 32, 43).get(12).input().getWrappedImage()))
                .isNotEqualTo(drawn);

        Split<Image, String> split = dataset.split(0.8, 1);
        assertThat(split.validation().counts()).containsEntry("star", 2).containsEntry("bell", 2);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> dataset.get(30));
        assertThat(Pictograms.dataset(kinds, 0, 32, 1)).isEmpty();
    }

    @Test
    void wrong_arguments_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pictograms.draw("stra", 64, 0))
                .withMessageContaining("\"stra\"")
                .withMessageContaining("star");
        assertThatIllegalArgumentException().isThrownBy(() -> Pictograms.draw("star", 15, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pictograms.dataset(List.of("star"), 1, 5000, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pictograms.dataset(List.of("star"), -1, 64, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Pictograms.dataset(List.of("stair"), 1, 64, 0));
    }
}
