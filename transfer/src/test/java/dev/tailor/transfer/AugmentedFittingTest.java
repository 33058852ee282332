package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.cv.Image;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.augment.ImageAugmentations;
import dev.tailor.transfer.augment.Mixing;
import dev.tailor.transfer.augment.TextAugmentations;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.testing.Drawings;
import dev.tailor.transfer.train.EpochReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Training on examples that change by chance. */
class AugmentedFittingTest {
    private static final Path RESNET = Path.of("src/test/resources/golden/hf/resnet-basic");
    private static final Dataset<Image, String> TRAIN = Drawings.colors(8, 1);
    private static final Dataset<Image, String> HELD = Drawings.colors(4, 2);

    @Test
    void training_sees_changed_pictures_and_a_seed_repeats_them() {
        Set<Image> seen = ConcurrentHashMap.newKeySet();
        Augmentation<Image> watch = (image, random) -> {
            seen.add(image);
            return image;
        };
        List<Classification> answers = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                    .strategy(Strategy.fullFineTuning())
                    .augment(ImageAugmentations.horizontalFlip(), ImageAugmentations.randAugment(), watch)
                    .validation(HELD)
                    .epochs(2)
                    .batchSize(8)
                    .threads(1)
                    .seed(5)
                    .fit(TRAIN)) {
                answers.add(tuned.predict(HELD.get(0).input()));
            }
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
        assertThat(seen).isNotEmpty();
        HELD.forEach(e -> assertThat(seen).doesNotContain(e.input()));
    }

    @Test
    void mixed_pictures_train_and_validation_stays_whole() {
        for (Mixing mixing : List.of(Mixing.mixup(0.4), Mixing.cutmix(1))) {
            try (var tuned = FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                    .strategy(Strategy.fullFineTuning())
                    .mix(mixing)
                    .validation(HELD)
                    .epochs(6)
                    .batchSize(8)
                    .learningRate(3e-3)
                    .seed(5)
                    .fit(TRAIN)) {
                EpochReport last = tuned.history().get(5);
                var measured = tuned.evaluate(HELD);
                assertThat(last.validationScore()).isEqualTo(measured.accuracy());
                assertThat(last.validationLoss()).isCloseTo(measured.logLoss(), within(1e-3));
            }
        }
    }

    @Test
    void where_it_makes_no_sense_it_is_refused() {
        assertThatThrownBy(() -> FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                        .augment(ImageAugmentations.verticalFlip())
                        .fit(TRAIN))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("feature extraction sees every example once")
                .hasMessageContaining("lastLayers(0)");
        assertThatThrownBy(() -> FineTuning.of(RESNET, Task.IMAGE_CLASSIFICATION)
                        .strategy(Strategy.fullFineTuning())
                        .focalLoss(2)
                        .mix(Mixing.mixup(1))
                        .fit(TRAIN))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("mixes targets");
        Path bert = Path.of("src/test/resources/golden/text/text-classification");
        Dataset<String, String> texts = Dataset.of(List.of("good film", "bad film"), t -> t.substring(0, 3));
        assertThatThrownBy(() -> FineTuning.of(bert, Task.TEXT_CLASSIFICATION)
                        .strategy(Strategy.fullFineTuning())
                        .mix(Mixing.mixup(1))
                        .augment(TextAugmentations.wordDropout(0.1))
                        .fit(texts))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("Only pictures can be mixed");
    }

    @Test
    void pictures_mix_with_the_one_before() {
        float[] values = {1, 1, 1, 1, 3, 3, 3, 3};
        assertThat(MixedPixels.blend(values, 2, 0.75)).isEqualTo(0.75);
        assertThat(values).containsExactly(1.5f, 1.5f, 1.5f, 1.5f, 2.5f, 2.5f, 2.5f, 2.5f);
        float[] pasted = new float[2 * 3 * 8 * 8];
        Arrays.fill(pasted, 3 * 8 * 8, pasted.length, 1);
        double share = MixedPixels.paste(pasted, 2, 8, 8, 0.6, new SplittableRandom(3));
        double kept = 0;
        for (int i = 3 * 8 * 8; i < pasted.length; i++) {
            kept += pasted[i];
        }
        assertThat(share).isBetween(0.4, 1.0);
        assertThat(kept / (3 * 8 * 8)).isCloseTo(share, within(1e-9));
    }
}
