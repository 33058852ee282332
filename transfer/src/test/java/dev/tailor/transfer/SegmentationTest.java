package dev.tailor.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.json.Json;
import dev.tailor.task.PixelLabels;
import dev.tailor.task.SegmentationEvaluation;
import dev.tailor.task.SegmentationMap;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.augment.ImageAugmentations;
import dev.tailor.transfer.augment.Labelled;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.data.SegmentationFolder;
import dev.tailor.zoo.preprocess.ImageProcessor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fitting for semantic segmentation. */
class SegmentationTest {
    private static final Path SEGFORMER = Path.of("src/test/resources/golden/hf/segformer-seg");
    private static final List<String> NAMES = List.of("ground", "disc");

    @TempDir
    Path temporary;

    @Test
    void a_segmenter_learns_new_labels_and_the_saved_folder_answers_the_same() throws IOException {
        write(12, 1, temporary.resolve("train"));
        write(4, 2, temporary.resolve("held"));
        Dataset<Image, SegmentationMap> train = folder("train");
        Dataset<Image, SegmentationMap> held = folder("held");
        try (var tuned = FineTuning.of(SEGFORMER, Task.SEMANTIC_SEGMENTATION)
                .strategy(Strategy.fullFineTuning())
                .augment(ImageAugmentations.horizontalFlip(), ImageAugmentations.colorJitter(0.2, 0.2, 0.2, 0.05))
                .epochs(12)
                .batchSize(4)
                .learningRate(5e-3)
                .validation(held)
                .seed(1)
                .fit(train)) {
            assertThat(tuned.labels()).isEqualTo(NAMES);
            SegmentationEvaluation evaluation = tuned.evaluate(held);
            assertThat(evaluation.meanIou()).isGreaterThan(0.8);
            assertThat(evaluation.pictures()).isEqualTo(4);
            assertThat(evaluation.toString()).contains("disc", "mean IoU");
            Path folder = temporary.resolve("saved");
            tuned.save(folder);
            try (var again = Pretrained.from(folder).load(Task.SEMANTIC_SEGMENTATION)) {
                assertThat(again.labels()).isEqualTo(NAMES);
                Image image = held.get(0).input();
                assertThat(again.segment(image)).isEqualTo(tuned.predict(image));
            }
            Path page = temporary.resolve("report.html");
            tuned.report(page);
            assertThat(page).content(StandardCharsets.UTF_8).contains("mean_iou", "12 examples");
            // The same labels in another order: the head goes on, and ids follow the names.
            try (var more = FineTuning.of(folder, Task.SEMANTIC_SEGMENTATION)
                    .strategy(Strategy.lastLayers(0))
                    .epochs(1)
                    .learningRate(1e-9)
                    .fit(swapped(train))) {
                assertThat(more.labels()).isEqualTo(NAMES);
                assertThat(more.evaluate(swapped(held)).meanIou()).isGreaterThan(0.8);
            }
        }
    }

    private static Dataset<Image, SegmentationMap> swapped(Dataset<Image, SegmentationMap> data) {
        List<Example<Image, SegmentationMap>> all = new ArrayList<>();
        for (Example<Image, SegmentationMap> example : data) {
            PixelLabels mask = example.target().read();
            int[] ids = IntStream.of(mask.ids()).map(id -> id > 1 ? id : 1 - id).toArray();
            all.add(new Example<>(
                    example.input(),
                    SegmentationMap.of(mask.width(), mask.height(), ids, List.of("disc", "ground")),
                    example.source()));
        }
        return Dataset.of(all);
    }

    @Test
    void an_adapter_learns_a_segmentation_too() {
        Dataset<Image, SegmentationMap> train = drawn(6, 1);
        try (var tuned = FineTuning.of(SEGFORMER, Task.SEMANTIC_SEGMENTATION)
                .strategy(Strategy.lora(2))
                .epochs(2)
                .batchSize(3)
                .fit(train)) {
            assertThat(tuned.history().get(1).trainLoss())
                    .isLessThan(tuned.history().get(0).trainLoss());
        }
    }

    @Test
    void masks_are_indices_of_a_palette_shades_or_colours() throws IOException {
        Path images = Files.createDirectories(temporary.resolve("images"));
        Path masks = Files.createDirectories(temporary.resolve("masks"));
        BufferedImage picture = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
        byte[] reds = {5, 9, 9, 120};
        for (int bits : new int[] {2, 8}) {
            IndexColorModel palette = new IndexColorModel(bits, 4, reds, new byte[4], new byte[4]);
            BufferedImage mask = new BufferedImage(
                    3, 1, bits == 2 ? BufferedImage.TYPE_BYTE_BINARY : BufferedImage.TYPE_BYTE_INDEXED, palette);
            mask.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {2, 0, 3});
            write(images, masks, picture, mask, "palette" + bits);
        }
        for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY}) {
            BufferedImage mask = new BufferedImage(3, 1, type);
            mask.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {2, 0, 3});
            write(images, masks, picture, mask, "shades" + type);
        }
        SegmentationFolder folder = SegmentationFolder.of(images, masks, List.of("a", "b", "c", "d"));
        assertThat(folder.size()).isEqualTo(4);
        folder.targets().forEach(t -> assertThat(t.read()).isEqualTo(new PixelLabels(3, 1, new int[] {2, 0, 3})));

        BufferedImage colors = new BufferedImage(3, 1, BufferedImage.TYPE_INT_RGB);
        colors.setRGB(0, 0, Color.RED.getRGB());
        colors.setRGB(1, 0, Color.WHITE.getRGB());
        write(images, masks, picture, colors, "colours");
        Map<String, Color> known = new LinkedHashMap<>();
        known.put("sky", Color.BLACK);
        known.put("roof", Color.RED);
        SegmentationFolder mapped = SegmentationFolder.ofColors(images, masks, known, Color.WHITE);
        assertThat(mapped.target(0).read()).isEqualTo(new PixelLabels(3, 1, new int[] {1, 255, 0}));
        assertThatThrownBy(() -> SegmentationFolder.ofColors(images, masks, known)
                        .target(0)
                        .read())
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("#ffffff");
        assertThatThrownBy(() -> SegmentationFolder.of(images, masks, List.of("a"))
                        .target(0)
                        .read())
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("3 channels");
        Files.delete(masks.resolve("colours.png"));
        assertThatThrownBy(() -> SegmentationFolder.of(images, masks, NAMES))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("colours.png")
                .hasMessageContaining("no mask");
    }

    @Test
    void maps_of_labels_follow_the_picture_through_the_image_processor() throws IOException {
        int[] ids = new int[37 * 23];
        for (int i = 0; i < ids.length; i++) {
            int x = i % 37;
            int y = i / 37;
            ids[i] = (x + y) % 13 == 0 ? 255 : (x * 7 + y * 5) % 11;
        }
        JsonObject golden = Json.readObject(Path.of("src/test/resources/golden/segmentation-maps.json"));
        for (JsonElement element : golden.getAsJsonArray("cases")) {
            JsonObject recorded = element.getAsJsonObject();
            Path file = Files.writeString(
                    temporary.resolve("preprocessor_config.json"),
                    recorded.get("processor").toString());
            ImageProcessor processor = ImageProcessor.from(file);
            boolean reduces = processor.settings().reduceLabels();
            int[] reduced = IntStream.of(ids)
                    .map(id -> !reduces || id == 255 ? id : id == 0 ? 255 : id - 1)
                    .toArray();
            PixelLabels made = processor.apply(new PixelLabels(37, 23, reduced), 255);
            assertThat(made.height())
                    .isEqualTo(recorded.getAsJsonArray("shape").get(0).getAsInt());
            int[] expected = new int[made.ids().length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = recorded.getAsJsonArray("ids").get(i).getAsInt();
            }
            assertThat(made.ids()).as(processor.settings().toString()).isEqualTo(expected);
        }
    }

    @Test
    void labels_are_reduced_where_the_image_processor_says_so() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("reducing"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(SEGFORMER.resolve(name), folder.resolve(name));
        }
        String processor = Files.readString(SEGFORMER.resolve("preprocessor_config.json"));
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                processor.replace("\"do_reduce_labels\": false", "\"do_reduce_labels\": true"));
        // 0 stands for none, 1 for the ground, 2 for the disc.
        List<Example<Image, SegmentationMap>> examples = new ArrayList<>();
        for (Example<Image, SegmentationMap> example : drawn(4, 3)) {
            PixelLabels mask = example.target().read();
            int[] ids =
                    IntStream.of(mask.ids()).map(id -> id == 255 ? 0 : id + 1).toArray();
            examples.add(new Example<>(
                    example.input(), SegmentationMap.of(mask.width(), mask.height(), ids, NAMES), example.source()));
        }
        List<SegmentationEvaluation> found = new ArrayList<>();
        for (boolean reducing : new boolean[] {true, false}) {
            try (var tuned = FineTuning.of(reducing ? folder : SEGFORMER, Task.SEMANTIC_SEGMENTATION)
                    .strategy(Strategy.fullFineTuning())
                    .epochs(1)
                    .threads(1)
                    .fit(reducing ? Dataset.of(examples) : drawn(4, 3))) {
                found.add(tuned.evaluate(reducing ? Dataset.of(examples) : drawn(4, 3)));
            }
        }
        assertThat(found.get(0)).isEqualTo(found.get(1));
    }

    @Test
    void what_does_not_fit_is_refused_with_a_reason() {
        Dataset<Image, SegmentationMap> train = drawn(2, 1);
        var fitting = FineTuning.of(SEGFORMER, Task.SEMANTIC_SEGMENTATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(1);
        assertThatThrownBy(
                        () -> fitting.augment(ImageAugmentations.randAugment()).fit(train))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("labels of pixels");
        assertThatThrownBy(() -> fitting.strategy(Strategy.featureExtraction()).fit(train))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("lastLayers");
        assertThatThrownBy(() -> fitting.balancedClasses().fit(train))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("classWeights");
        Image image = train.get(0).input();
        Dataset<Image, SegmentationMap> small =
                Dataset.of(List.of(Example.of(image, SegmentationMap.of(2, 1, new int[2], NAMES))));
        assertThatThrownBy(() -> fitting.fit(small))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("2 x 1");
        int[] strange = new int[64 * 48];
        strange[7] = 9;
        Dataset<Image, SegmentationMap> wrong =
                Dataset.of(List.of(Example.of(image, SegmentationMap.of(64, 48, strange, NAMES))));
        assertThatThrownBy(() -> fitting.fit(wrong))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("[9]")
                .hasMessageContaining("2 labels");
    }

    @Test
    void pictures_and_labels_change_together() {
        Example<Image, SegmentationMap> example = drawn(1, 5).get(0);
        // The disc is bright: what is bright afterwards must be labelled so.
        List<Augmentation<Image>> all = List.of(
                ImageAugmentations.horizontalFlip(),
                ImageAugmentations.verticalFlip(),
                ImageAugmentations.rotation(40),
                ImageAugmentations.randomResizedCrop(50, 0.5, 1, 1, 1.5));
        for (int seed = 0; seed < 20; seed++) {
            Labelled<Image> changed = Augmentation.all(all)
                    .apply(new Labelled<>(example.input(), example.target().read()), new SplittableRandom(seed));
            BufferedImage picture = (BufferedImage) changed.input().getWrappedImage();
            int[] ids = changed.labels().ids();
            assertThat(ids).hasSize(50 * 50);
            int differing = 0;
            for (int i = 0; i < ids.length; i++) {
                boolean bright = (picture.getRGB(i % 50, i / 50) & 0xFF) > 127;
                differing += ids[i] == 255 || (ids[i] == 1) == bright ? 0 : 1;
            }
            // The picture is interpolated at the disc's edge, its labels are not.
            assertThat(differing).as("seed %d", seed).isLessThan(60);
            assertThat(Augmentation.all(all)
                            .apply(example.input(), new SplittableRandom(seed))
                            .getWrappedImage())
                    .satisfies(alone ->
                            assertThat(((BufferedImage) alone).getRGB(25, 25)).isEqualTo(picture.getRGB(25, 25)));
        }
    }

    private Dataset<Image, SegmentationMap> folder(String name) {
        Path root = temporary.resolve(name);
        return SegmentationFolder.of(root.resolve("images"), root.resolve("masks"), NAMES);
    }

    private static Dataset<Image, SegmentationMap> drawn(int count, long seed) {
        List<Example<Image, SegmentationMap>> examples = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            BufferedImage[] both = draw(random);
            int[] ids = both[1].getRaster().getSamples(0, 0, 64, 48, 0, (int[]) null);
            examples.add(new Example<>(
                    new BufferedImageFactory().fromImage(both[0]),
                    SegmentationMap.of(64, 48, ids, NAMES),
                    "drawing " + i));
        }
        return Dataset.of(examples);
    }

    /** A bright disc on dark ground, and its mask; a stripe does not count. */
    private static BufferedImage[] draw(Random random) {
        BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        BufferedImage mask = new BufferedImage(64, 48, BufferedImage.TYPE_BYTE_GRAY);
        int x = random.nextInt(36);
        int y = random.nextInt(20);
        for (BufferedImage image : new BufferedImage[] {picture, mask}) {
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(image == picture ? Color.WHITE : new Color(1, 1, 1));
            graphics.fillOval(x, y, 26, 26);
            graphics.dispose();
        }
        int[] ids = mask.getRaster().getSamples(0, 0, 64, 48, 0, (int[]) null);
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i < 64 ? 255 : ids[i] > 0 ? 1 : 0;
        }
        mask.getRaster().setSamples(0, 0, 64, 48, 0, ids);
        return new BufferedImage[] {picture, mask};
    }

    private static void write(int count, long seed, Path root) throws IOException {
        Path images = Files.createDirectories(root.resolve("images"));
        Path masks = Files.createDirectories(root.resolve("masks"));
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            BufferedImage[] both = draw(random);
            write(images, masks, both[0], both[1], "picture" + i);
        }
    }

    private static void write(Path images, Path masks, BufferedImage picture, BufferedImage mask, String name)
            throws IOException {
        ImageIO.write(picture, "png", images.resolve(name + ".png").toFile());
        ImageIO.write(mask, "png", masks.resolve(name + ".png").toFile());
    }
}
