package dev.tailor.transfer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tailor.TailorException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataReportTest {
    @TempDir
    Path root;

    private void picture(String path, int color) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
        image.setRGB(1, 2, color);
        ImageIO.write(image, path.substring(path.lastIndexOf('.') + 1), file.toFile());
    }

    private static Dataset<String, String> texts(String... pairs) {
        List<Example<String, String>> examples = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            examples.add(Example.of(pairs[i], pairs[i + 1]));
        }
        return Dataset.of(examples);
    }

    @Test
    void counts_and_shares_and_imbalance() {
        DataSummary summary = texts("a", "x", "b", "y", "c", "x", "d", "x").summary();
        assertThat(summary.counts()).containsExactly(Map.entry("x", 3), Map.entry("y", 1));
        assertThat(summary.share("x")).isEqualTo(0.75);
        assertThat(summary.imbalance()).isEqualTo(3);
        assertThat(summary)
                .hasToString("4 examples, 2 labels, the largest 3.0 times the smallest" + System.lineSeparator()
                        + "  x       3   75.0 %" + System.lineSeparator() + "  y       1   25.0 %");
    }

    @Test
    void tags_count_one_by_one_and_numbers_have_a_range() {
        Dataset<String, List<String>> tagged = Dataset.of(List.of("a", "b"), t -> List.of("O", "B-" + t));
        assertThat(tagged.summary().counts()).containsEntry("O", 2).containsEntry("B-a", 1);
        Dataset<String, Double> scored = Dataset.of(List.of("1", "2", "3"), Double::valueOf);
        assertThat(scored.summary().numbers().deviation()).isCloseTo(Math.sqrt(2 / 3.0), within(1e-12));
        assertThat(scored.summary())
                .hasToString("3 examples, targets from 1.000 to 3.000, mean 2.000, deviation 0.8165");
        assertThat(texts().summary()).hasToString("0 examples");
    }

    @Test
    void equal_pixels_are_found_whatever_the_file() throws IOException {
        picture("a/1.png", 1);
        picture("a/2.bmp", 1);
        picture("a/3.png", 2);
        picture("b/4.png", 2);
        Files.writeString(root.resolve("b/5.png"), "no picture");
        ImageFolder folder = ImageFolder.of(root);
        DataReport report = folder.inspect();
        assertThat(report.isClean()).isFalse();
        assertThat(report.duplicates())
                .containsExactly(new DataReport.Group(List.of(0, 1), List.of("a/1.png", "a/2.bmp"), List.of("a", "a")));
        assertThat(report.contradictions())
                .extracting(DataReport.Group::targets)
                .containsExactly(List.of("a", "b"));
        assertThat(report.unreadable())
                .singleElement()
                .matches(u -> u.index() == 4 && u.message().contains("5.png"));
        assertThat(report.toString())
                .contains("1 inputs cannot be read", "a/1.png = a/2.bmp", "a/3.png (a) = b/4.png (b)");
        assertThat(report.clean(folder).targets()).containsExactly("a");
        assertThat(folder.readable().targets()).containsExactly("a", "a", "a", "b");
        assertThatThrownBy(folder::strict)
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("1 of 5 inputs cannot be read")
                .hasMessageContaining("5.png");
        assertThat(folder.subset(0, 2).strict().size()).isEqualTo(2);
    }

    @Test
    void leaks_from_training_to_validation() {
        Split<String, String> split = new Split<>(texts("a", "x", "b", "y"), texts("c", "x", "b", "x"));
        assertThat(split.inspect().leaks()).containsExactly(new DataReport.Leak(1, 1, "item 1", "item 1"));
        assertThat(split.inspect().toString()).contains("1 validation inputs are in the training data too");
        assertThat(new Split<>(texts("a", "x"), texts("b", "x")).inspect().isClean())
                .isTrue();
    }

    @Test
    void folds_share_out_every_target_and_every_example() {
        Dataset<Integer, String> data =
                Dataset.of(IntStream.range(0, 23).boxed().toList(), i -> i < 11 ? "a" : i < 18 ? "b" : "c" + i);
        List<Split<Integer, String>> folds = data.folds(4, 9);
        List<Integer> all = new ArrayList<>();
        for (Split<Integer, String> fold : folds) {
            assertThat(fold.validation().size()).isBetween(5, 6);
            assertThat(fold.validation().counts().get("a")).isBetween(2, 3);
            assertThat(fold.validation().counts().get("b")).isBetween(1, 2);
            assertThat(fold.train().size() + fold.validation().size()).isEqualTo(23);
            fold.validation().forEach(e -> all.add(e.input()));
        }
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 23).boxed().toList());
        assertThat(data.folds(4, 9).get(2).validation())
                .containsExactlyElementsOf(folds.get(2).validation());
        assertThat(data.folds(4, 10).get(2).validation())
                .isNotEqualTo(folds.get(2).validation());
        assertThatThrownBy(() -> data.folds(24, 1)).hasMessageContaining("no more than there are examples, 23");
        assertThatThrownBy(() -> data.folds(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anything_that_can_be_gone_through() {
        Iterable<Example<String, String>> once = Stream.of(Example.of("a", "x"), Example.of("b", "y"))::iterator;
        assertThat(Dataset.of(once).targets()).containsExactly("x", "y");
        assertThat(Dataset.of(IntStream.range(0, 3).mapToObj(i -> Example.of(i, i)))
                        .size())
                .isEqualTo(3);
        Dataset<String, Integer> lazy = Dataset.lazy(List.of(7, 8), i -> "text " + i);
        assertThat(lazy).containsExactly(new Example<>("text 0", 7, "item 0"), new Example<>("text 1", 8, "item 1"));
    }
}
