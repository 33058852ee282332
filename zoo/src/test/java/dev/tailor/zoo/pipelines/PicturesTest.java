package dev.tailor.zoo.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import dev.tailor.Pretrained;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.task.Embedding;
import dev.tailor.task.ImageClassifier;
import dev.tailor.task.ImageEmbedder;
import dev.tailor.task.Score;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.testing.ModelCopy;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures as programs get them: tiny, of any colour type, mixed, damaged. */
class PicturesTest {
    private static final Path IMAGES = ModelCopy.recorded("image/images");
    private static final double NEAR = 1e-5;

    @TempDir
    static Path temporary;

    private static Path folder;
    private static ImageClassifier classifier;

    @BeforeAll
    static void load() {
        folder = ModelCopy.of("own/vit-no-qkv-bias", temporary.resolve("vit"))
                .write("preprocessor_config.json", """
                        {"image_processor_type": "ViTImageProcessor", "do_resize": true, "size": {"height": 24, "width": 24},
                         "resample": 2, "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true,
                         "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
                        """)
                .folder();
        classifier = Pretrained.from(folder).threads(1).load(Task.IMAGE_CLASSIFICATION);
    }

    @AfterAll
    static void close() {
        classifier.close();
    }

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(IMAGES)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_colour_type_gets_probabilities_for_all_labels(Path file) throws IOException {
        Classification answer = classifier.classify(file);
        assertThat(answer.scores()).hasSize(classifier.labels().size());
        assertThat(answer.scores().stream().mapToDouble(Score::score).sum()).isCloseTo(1, within(1e-6));
        assertThat(answer.truncated()).isFalse();
    }

    @Test
    void a_picture_of_one_pixel_reads_as_a_plain_picture_of_its_colour() {
        BufferedImage one = plain(1, 1);
        assertThat(classifier.classify(one).scores())
                .isEqualTo(classifier.classify(plain(24, 24)).scores());
    }

    @Test
    void a_list_of_mixed_sizes_is_answered_in_order_as_one_by_one() throws IOException {
        List<Image> images = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (Path file : files()) {
                images.add(ImageFactory.getInstance().fromImage(readable(file)));
            }
        }
        List<Classification> answers = classifier.classify(images);
        assertThat(answers).hasSize(images.size());
        for (int i = 0; i < images.size(); i++) {
            Classification single = classifier.classify(images.get(i));
            String label = single.label();
            assertThat(answers.get(i).score(label)).isCloseTo(single.score(label), within(NEAR));
        }
        assertThat(classifier.classify(List.of())).isEmpty();
    }

    @Test
    void an_embedding_is_what_the_classifier_reads() throws IOException {
        try (ImageEmbedder embedder = Pretrained.from(folder).threads(1).load(Task.IMAGE_EMBEDDING)) {
            List<Image> images = new ArrayList<>();
            for (Path file : files()) {
                images.add(ImageFactory.getInstance().fromImage(readable(file)));
            }
            List<Embedding> vectors = embedder.embed(images);
            assertThat(vectors).hasSize(images.size()).allMatch(v -> v.dimension() == 16);
            assertThat(vectors.get(3).vector())
                    .containsExactly(embedder.embed(images.get(3)).vector(), within((float) NEAR));
            assertThat(embedder.model().ignoredWeights())
                    .containsExactlyInAnyOrder("classifier.weight", "classifier.bias");
        }
    }

    @Test
    void what_is_no_picture_is_refused_by_its_name() throws IOException {
        Path text = Files.writeString(temporary.resolve("notes.png"), "this is no picture");
        assertThatThrownBy(() -> classifier.classify(text))
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("notes.png", "PNG, JPEG, GIF and BMP");
        Path empty = Files.createFile(temporary.resolve("empty.jpg"));
        assertThatThrownBy(() -> classifier.classify(empty))
                .isInstanceOf(TailorException.class)
                .hasMessageContainingAll("empty.jpg", "empty");
        assertThatThrownBy(() -> classifier.classify(temporary.resolve("absent.png")))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("absent.png");
        assertThatThrownBy(() -> classifier.classify(temporary)).isInstanceOf(TailorException.class);
    }

    @Test
    void a_picture_that_was_cut_is_refused_by_its_name() throws IOException {
        byte[] whole = Files.readAllBytes(IMAGES.resolve("rgb-97x61.png"));
        for (int length : new int[] {8, 30, whole.length / 2}) {
            Path cut = Files.write(temporary.resolve("cut.png"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> classifier.classify(cut))
                    .as("%d bytes", length)
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("cut.png");
        }
    }

    private static BufferedImage plain(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, 0x3070A0);
            }
        }
        return image;
    }

    private static BufferedImage readable(Path file) {
        var rgb = ImageDecoder.standard().decode(file);
        BufferedImage image = new BufferedImage(rgb.width(), rgb.height(), BufferedImage.TYPE_INT_RGB);
        byte[] data = rgb.data();
        for (int i = 0; i < rgb.width() * rgb.height(); i++) {
            int value = (data[3 * i] & 255) << 16 | (data[3 * i + 1] & 255) << 8 | data[3 * i + 2] & 255;
            image.setRGB(i % rgb.width(), i / rgb.width(), value);
        }
        return image;
    }
}
