package dev.tailor.transfer.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.cv.Image;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against torchvision 0.29.1 over Pillow, whose pictures were recorded. */
class AugmentationTest {
    private static final Pixels SMALL = new Pixels(3, 2, new int[] {1, 2, 3, 4, 5, 6});

    private static Pixels golden(String name) throws IOException {
        byte[] json = Files.readAllBytes(Path.of("src/test/resources/golden/augment.json"));
        JsonObject all = Json.parseObject(json, "augment.json", true);
        JsonArray rows = all.getAsJsonArray(name);
        int width = rows.get(0).getAsString().length() / 6;
        int[] rgb = new int[rows.size() * width];
        for (int i = 0; i < rgb.length; i++) {
            String row = rows.get(i / width).getAsString();
            rgb[i] = Integer.parseInt(row.substring(6 * (i % width), 6 * (i % width) + 6), 16);
        }
        return new Pixels(width, rows.size(), rgb);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brightness 1.3",
                "brightness 0.4",
                "contrast 1.5",
                "contrast 0.3",
                "saturation 1.7",
                "saturation 0.2",
                "hue 0.1",
                "hue -0.35",
                "sharpness 1.6",
                "sharpness 0.3",
                "posterize 3",
                "solarize 128",
                "solarize 77.5",
                "autocontrast 0",
                "equalize 0",
                "rotate 17",
                "rotate -140.5",
                "shearx 0.2",
                "sheary -0.3",
                "translatex 0.4",
                "translatey -0.3"
            })
    void changes_are_the_reference_s_pixel_by_pixel(String name) throws IOException {
        Pixels source = golden("source");
        double by = Double.parseDouble(name.substring(name.indexOf(' ') + 1));
        Pixels changed = switch (name.substring(0, name.indexOf(' '))) {
            case "brightness" -> Colors.brightness(source, by);
            case "contrast" -> Colors.contrast(source, by);
            case "saturation" -> Colors.saturation(source, by);
            case "hue" -> Colors.hue(source, by);
            case "sharpness" -> Colors.sharpness(source, by);
            case "posterize" -> Colors.posterize(source, (int) by);
            case "solarize" -> Colors.solarize(source, by);
            case "autocontrast" -> Colors.autoContrast(source);
            case "equalize" -> Colors.equalize(source);
            case "rotate" -> ImageAugmentations.rotated(source, by);
            case "shearx" -> RandAugment.SHEAR_X.at(source, by);
            case "sheary" -> RandAugment.SHEAR_Y.at(source, by);
            case "translatex" -> RandAugment.TRANSLATE_X.at(source, by);
            default -> RandAugment.TRANSLATE_Y.at(source, by);
        };
        assertThat(hex(changed)).isEqualTo(hex(golden(name)));
    }

    private static List<String> hex(Pixels pixels) {
        return IntStream.of(pixels.rgb())
                .mapToObj(p -> String.format("%06x", p & 0xFFFFFF))
                .toList();
    }

    @Test
    void flips_and_crops_are_exact() {
        assertThat(SMALL.mirrored().rgb()).containsExactly(3, 2, 1, 6, 5, 4);
        assertThat(SMALL.upsideDown().rgb()).containsExactly(4, 5, 6, 1, 2, 3);
        assertThat(SMALL.crop(1, 0, 2, 2).rgb()).containsExactly(2, 3, 5, 6);
    }

    @Test
    void the_same_seed_gives_the_same_picture_and_half_are_flipped() {
        Image image = SMALL.image();
        int flipped = 0;
        for (long seed = 0; seed < 1000; seed++) {
            Augmentation<Image> flip = ImageAugmentations.horizontalFlip();
            int[] once =
                    Pixels.of(flip.apply(image, new SplittableRandom(seed))).rgb();
            int[] again =
                    Pixels.of(flip.apply(image, new SplittableRandom(seed))).rgb();
            assertThat(once).isEqualTo(again);
            flipped += (once[0] & 0xFF) == 3 ? 1 : 0;
        }
        assertThat(flipped).isBetween(450, 550);
    }

    @Test
    void crop_boxes_keep_to_their_ranges() {
        SplittableRandom random = new SplittableRandom(1);
        double area = 0;
        for (int i = 0; i < 2000; i++) {
            int[] box = ImageAugmentations.box(200, 150, 0.2, 0.6, 0.75, 4 / 3.0, random);
            assertThat(box[0]).isBetween(0, 200 - box[2]);
            assertThat(box[1]).isBetween(0, 150 - box[3]);
            assertThat((double) box[2] / box[3]).isBetween(0.73, 1.36);
            double share = box[2] * box[3] / 30000.0;
            assertThat(share).isBetween(0.19, 0.61);
            area += share / 2000;
        }
        assertThat(area).isCloseTo(0.4, within(0.02));
        assertThat(ImageAugmentations.box(100, 10, 1, 1, 0.75, 4 / 3.0, random)).containsExactly(43, 0, 13, 10);
        assertThat(ImageAugmentations.box(10, 100, 1, 1, 0.75, 4 / 3.0, random)).containsExactly(0, 43, 10, 13);
    }

    @Test
    void every_picture_change_runs_on_small_and_large_pictures() {
        for (Augmentation<Image> change : List.of(
                ImageAugmentations.randomResizedCrop(8),
                ImageAugmentations.colorJitter(0.4, 0.4, 0.4, 0.1),
                ImageAugmentations.rotation(30),
                ImageAugmentations.randomErasing(1, 0.02, 0.33),
                ImageAugmentations.randAugment(),
                ImageAugmentations.verticalFlip())) {
            for (int size : new int[] {1, 40}) {
                Image image = new Pixels(size, size, new int[size * size]).image();
                for (long seed = 0; seed < 30; seed++) {
                    assertThat(change.apply(image, new SplittableRandom(seed)).getWidth())
                            .isPositive();
                }
            }
        }
        Image white =
                new Pixels(20, 20, IntStream.range(0, 400).map(i -> 0xFFFFFF).toArray()).image();
        Pixels erased = Pixels.of(ImageAugmentations.randomErasing(1, 0.1, 0.1).apply(white, new SplittableRandom(4)));
        long black = IntStream.of(erased.rgb()).filter(p -> (p & 0xFF) == 0).count();
        assertThat(black).isBetween(30L, 50L);
    }

    @Test
    void word_dropout_keeps_at_least_one_word() {
        Augmentation<String> drop = TextAugmentations.wordDropout(0.9);
        Augmentation<String> mask = TextAugmentations.wordDropout(0.3, "[MASK]");
        int words = 0;
        for (long seed = 0; seed < 300; seed++) {
            assertThat(drop.apply("a b c", new SplittableRandom(seed))).isNotBlank();
            String masked = mask.apply("a  b c d", new SplittableRandom(seed));
            assertThat(masked.split(" ")).hasSize(4);
            words += masked.length() - masked.replace("[MASK]", "").length();
        }
        // 30 % of the three words in four that are not kept.
        assertThat(words / 6 / 300.0 / 4).isCloseTo(0.3 * 0.75, within(0.04));
        assertThat(drop.apply(" ", new SplittableRandom(1))).isEqualTo(" ");
        assertThat(Augmentation.all(List.of(mask, drop)).apply("a", new SplittableRandom(1)))
                .isEqualTo("a");
    }

    @Test
    void shares_of_a_mixture_follow_the_beta_distribution() {
        for (Map.Entry<Double, Double> known :
                Map.of(0.2, 1 / 5.6, 1.0, 1 / 12.0, 3.0, 1 / 28.0).entrySet()) {
            SplittableRandom random = new SplittableRandom(2);
            double[] draws = IntStream.range(0, 20000)
                    .mapToDouble(i -> Mixing.mixup(known.getKey()).draw(random))
                    .toArray();
            double variance = Arrays.stream(draws)
                    .map(d -> (d - 0.5) * (d - 0.5))
                    .average()
                    .orElseThrow();
            assertThat(variance).isCloseTo(known.getValue(), within(0.03 * known.getValue()));
            assertThat(draws).isNotEmpty();
            assertThat(Arrays.stream(draws).min().orElseThrow()).isNotNegative();
            assertThat(Arrays.stream(draws).max().orElseThrow()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void wrong_ranges_are_refused() {
        assertThatThrownBy(() -> ImageAugmentations.colorJitter(0, 0, 0, 0.6)).hasMessageContaining("hue in [0, 0.5]");
        assertThatThrownBy(() -> ImageAugmentations.randAugment(2, 31)).hasMessageContaining("[0, 30], found 31");
        assertThatThrownBy(() -> ImageAugmentations.randomResizedCrop(8, 0.5, 0.2, 1, 1))
                .hasMessageContaining("ascending");
        assertThatThrownBy(() -> TextAugmentations.wordDropout(1.5)).hasMessageContaining("probability");
        assertThatThrownBy(() -> Mixing.mixup(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
