package dev.tailor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results are drawn where and what they are. */
class DrawingTest {
    private static final int WIDTH = 120;
    private static final int HEIGHT = 80;

    private final BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);

    @TempDir
    Path temporary;

    @Test
    void a_box_is_drawn_at_its_place_in_its_labels_colour() throws IOException {
        Detection cat = new Detection("cat", 3, 0.9, new Box(30, 40, 100, 70));
        Detection far = new Detection("dog", 1, 0.6, new Box(-50, -50, 500, 500));
        Path file = temporary.resolve("boxes.png");
        Drawing.png(Drawing.boxes(picture, new Detections(WIDTH, HEIGHT, List.of(far, cat))), file);
        BufferedImage drawn = ImageIO.read(file.toFile());
        assertThat(drawn.getWidth()).isEqualTo(WIDTH);
        assertThat(near(drawn, 60, 70, Segmentation.color(3))).isTrue();
        assertThat(near(drawn, 100, 55, Segmentation.color(3))).isTrue();
        assertThat(drawn.getRGB(65, 55)).isEqualTo(Color.BLACK.getRGB());
        assertThat(picture.getRGB(60, 70)).as("the original is left alone").isEqualTo(Color.BLACK.getRGB());
    }

    @Test
    void a_mask_colours_pixels_half_seen_through() {
        int[] ids = new int[WIDTH * HEIGHT];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % WIDTH < WIDTH / 4 ? 0 : 2;
        }
        Segmentation result = new Segmentation(WIDTH, HEIGHT, ids, List.of("sky", "sea", "road"));
        BufferedImage drawn = Drawing.mask(picture, result);
        Color expected = Segmentation.color(2);
        Color found = new Color(drawn.getRGB(WIDTH - 1, 0));
        assertThat((double) found.getRed()).isCloseTo(expected.getRed() / 2.0, within(1.0));
        assertThat((double) found.getBlue()).isCloseTo(expected.getBlue() / 2.0, within(1.0));
        assertThat(result.areas()).containsExactly(Map.entry("road", 0.75), Map.entry("sky", 0.25));
        assertThat(result).hasToString("road 75.0%, sky 25.0%");
        assertThat(result.label(0, HEIGHT - 1)).isEqualTo("sky");
    }

    @Test
    void a_result_of_another_picture_is_refused() {
        Detections other = new Detections(10, 10, List.of());
        assertThatThrownBy(() -> Drawing.boxes(picture, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("10 x 10", "120 x 80");
    }

    @Test
    void boxes_overlap_by_their_shared_area() {
        Box box = new Box(0, 0, 10, 10);
        assertThat(box.intersectionOverUnion(new Box(5, 0, 15, 10))).isCloseTo(50 / 150.0, within(1e-12));
        assertThat(box.intersectionOverUnion(new Box(20, 20, 30, 30))).isZero();
        assertThat(new Box(3, 3, 3, 3).intersectionOverUnion(new Box(3, 3, 3, 3)))
                .isZero();
    }

    @Test
    void label_colours_differ_from_their_neighbours() {
        for (int id = 0; id < 200; id++) {
            Color one = Segmentation.color(id);
            Color next = Segmentation.color(id + 1);
            int distance = Math.abs(one.getRed() - next.getRed())
                    + Math.abs(one.getGreen() - next.getGreen())
                    + Math.abs(one.getBlue() - next.getBlue());
            assertThat(distance).as("%d", id).isGreaterThan(60);
        }
    }

    private static boolean near(BufferedImage image, int x, int y, Color color) {
        for (int dx = -2; dx <= 2; dx++) {
            for (int dy = -2; dy <= 2; dy++) {
                boolean inside = x + dx >= 0 && x + dx < WIDTH && y + dy >= 0 && y + dy < HEIGHT;
                if (inside && image.getRGB(x + dx, y + dy) == color.getRGB()) {
                    return true;
                }
            }
        }
        return false;
    }
}
