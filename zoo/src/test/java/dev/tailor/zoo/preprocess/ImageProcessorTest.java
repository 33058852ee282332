package dev.tailor.zoo.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailor.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageProcessorTest {
    private static final String SPELLED_OUT =
            "\"do_resize\": true, \"size\": {\"height\": 8, \"width\": 6}, \"resample\": 2,"
                    + " \"do_rescale\": true, \"rescale_factor\": 0.5, \"do_normalize\": true, \"image_mean\": 0.5,"
                    + " \"image_std\": [1, 2, 4]";

    private static ImageProcessor of(String json) {
        return ImageProcessor.of(
                Json.parseObject(json.getBytes(StandardCharsets.UTF_8), "test", false), "preprocessor_config.json");
    }

    private static ImageSettings type(String type, String more) {
        return of("{\"image_processor_type\": \"" + type + "\"" + (more.isEmpty() ? "" : ", " + more) + "}")
                .settings();
    }

    @ParameterizedTest
    @CsvSource({
        "ViTImageProcessor, 224, 224, BILINEAR, 0.5",
        "ViTFeatureExtractor, 224, 224, BILINEAR, 0.5",
        "ViTImageProcessorFast, 224, 224, BILINEAR, 0.5",
        "DeiTImageProcessor, 224, 224, BICUBIC, 0.5",
        "BeitFeatureExtractor, 224, 224, BICUBIC, 0.5",
        "BitImageProcessor, 224, 224, BICUBIC, 0.48145466",
        "CLIPImageProcessorFast, 224, 224, BICUBIC, 0.48145466",
        "ConvNextFeatureExtractor, 384, 384, BICUBIC, 0.5",
        "EfficientNetImageProcessor, 346, 346, BICUBIC, 0.5",
        "MobileNetV1ImageProcessor, 224, 224, BILINEAR, 0.5",
        "MobileNetV2FeatureExtractor, 224, 224, BILINEAR, 0.5",
        "MobileViTImageProcessor, 256, 256, BICUBIC, 0.0",
        "SegformerImageProcessor, 512, 512, BILINEAR, 0.485",
        "SiglipImageProcessor, 224, 224, BICUBIC, 0.5",
        "LevitImageProcessor, 224, 224, BICUBIC, 0.485",
        "PoolFormerImageProcessor, 224, 224, BICUBIC, 0.485",
        "PvtImageProcessor, 224, 224, BICUBIC, 0.485",
    })
    void a_class_has_its_defaults(String type, int height, int width, Resampling filter, double mean) {
        ImageProcessor processor = ImageProcessor.of(type(type, ""));
        assertThat(processor.height()).hasValue(height);
        assertThat(processor.width()).hasValue(width);
        assertThat(processor.settings().resampling()).isEqualTo(filter);
        assertThat(processor.settings().mean()).startsWith(mean);
        assertThat(processor.settings().rescaleFactor()).isEqualTo(1 / 255.0);
    }

    @Test
    void sizes_are_understood_in_every_spelling() {
        assertThat(type("ViTImageProcessor", "\"size\": 30").resize()).isEqualTo(Resize.exact(30, 30));
        assertThat(type("CLIPFeatureExtractor", "\"size\": 30").resize()).isEqualTo(Resize.shortestEdge(30));
        assertThat(type("ViTImageProcessor", "\"size\": [20, 30]").resize()).isEqualTo(Resize.exact(20, 30));
        assertThat(type("CLIPImageProcessor", "\"size\": {\"height\": 20, \"width\": 30}")
                        .resize())
                .isEqualTo(Resize.exact(20, 30));
        assertThat(type("ViTImageProcessor", "\"size\": {\"shortest_edge\": 20}")
                        .resize())
                .isEqualTo(Resize.shortestEdge(20));
        assertThat(type("ViTImageProcessor", "\"size\": {\"longest_edge\": 20}").resize())
                .isEqualTo(Resize.longestEdge(20));
        assertThat(type("ViTImageProcessor", "\"size\": {\"shortest_edge\": 20, \"longest_edge\": 50}")
                        .resize())
                .isEqualTo(Resize.shortestEdge(20, 50));
        assertThat(type("ViTImageProcessor", "\"size\": {\"max_height\": 20, \"max_width\": 50}")
                        .resize())
                .isEqualTo(Resize.within(20, 50));
        assertThat(type("CLIPImageProcessor", "\"crop_size\": 20").crop()).isEqualTo(new CenterCrop(20, 20));
        assertThat(type("CLIPImageProcessor", "\"crop_size\": [20, 30]").crop()).isEqualTo(new CenterCrop(20, 30));
        assertThat(type("CLIPImageProcessor", "\"size\": null, \"do_center_crop\": false")
                        .crop())
                .isNull();
    }

    @Test
    void rules_of_single_classes_hold() {
        ImageSettings small = type("ConvNextImageProcessor", "\"size\": {\"shortest_edge\": 224}, \"crop_pct\": 0.875");
        assertThat(small.resize()).isEqualTo(Resize.shortestEdge(256));
        assertThat(small.crop()).isEqualTo(new CenterCrop(224, 224));
        assertThat(type("ConvNextImageProcessor", "").resize()).isEqualTo(Resize.exact(384, 384));
        assertThat(type("LevitImageProcessor", "").resize()).isEqualTo(Resize.shortestEdge(256));
        assertThat(type("PoolFormerImageProcessor", "").resize()).isEqualTo(Resize.shortestEdge(248));
        assertThat(type("MobileViTImageProcessor", "\"do_normalize\": true").mean())
                .containsOnly(0.0);
        assertThat(type("MobileViTImageProcessor", "").bgr()).isTrue();
        assertThat(type("SegformerImageProcessor", "\"do_center_crop\": true").crop())
                .isNull();
    }

    @Test
    void sizes_that_keep_the_aspect_ratio_round_as_the_reference() {
        assertThat(Resize.shortestEdge(224).target(333, 40)).isEqualTo(new Resize.Size(1864, 224));
        assertThat(Resize.shortestEdge(224).target(150, 200)).isEqualTo(new Resize.Size(224, 298));
        assertThat(Resize.longestEdge(100).target(61, 97)).isEqualTo(new Resize.Size(62, 100));
        assertThat(Resize.shortestEdge(800, 1333).target(480, 640)).isEqualTo(new Resize.Size(800, 1066));
        assertThat(Resize.shortestEdge(800, 1333).target(200, 1000)).isEqualTo(new Resize.Size(267, 1333));
        assertThat(Resize.within(50, 50).target(100, 200)).isEqualTo(new Resize.Size(25, 50));
    }

    @Test
    void an_unknown_class_is_refused_by_name() {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> type("FancyImageProcessor", "\"do_resize\": true"))
                .withMessageContaining("preprocessor_config.json")
                .withMessageContaining("FancyImageProcessor")
                .withMessageContaining("rescale")
                .withMessageContaining("ConvNextImageProcessor, DeiTImageProcessor");
    }

    @Test
    void an_unknown_class_whose_file_says_everything_is_used() {
        ImageSettings settings =
                type("FancyImageProcessor", SPELLED_OUT + ", \"do_pad\": false, \"size_divisor\": null");
        assertThat(settings.resize()).isEqualTo(Resize.exact(8, 6));
        assertThat(settings.mean()).containsExactly(0.5, 0.5, 0.5);
        assertThat(settings.std()).containsExactly(1.0, 2.0, 4.0);
        assertThat(of("{" + SPELLED_OUT + "}").settings()).isEqualTo(settings);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> type("FancyImageProcessor", SPELLED_OUT + ", \"keep_aspect_ratio\": true"))
                .withMessageContaining("keep_aspect_ratio");
    }

    @Test
    void all_wrong_values_are_told_at_once() {
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> type(
                        "ViTImageProcessor",
                        "\"size\": \"big\", \"resample\": 9, \"image_mean\": [0.5], \"image_std\": [1, 0, 1],"
                                + " \"do_rescale\": 1"))
                .withMessageContaining("size must be")
                .withMessageContaining("resample must be")
                .withMessageContaining("image_mean must be")
                .withMessageContaining("image_std must be")
                .withMessageContaining("do_rescale must be");
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> type("ViTImageProcessor", "\"size\": {\"height\": -1, \"width\": 1e9}"))
                .withMessageContaining("pixels");
    }

    @Test
    void values_are_rescaled_normalised_and_ordered() {
        var image = new RgbImage(2, 1, new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255});
        var builder = ImageSettings.builder().normalize(List.of(0.0, 0.2, 0.4), List.of(1.0, 0.5, 0.25));
        assertThat(ImageProcessor.of(builder.build()).apply(image).data())
                .containsExactly(new float[] {0, 0.6f, 0, 1.2f, 0, 2.4f}, within(1e-6f));
        assertThat(ImageProcessor.of(builder.bgr(true).build()).apply(image).data())
                .containsExactly(new float[] {0, 2.4f, 0, 1.2f, 0, 0.6f}, within(1e-6f));
        ImageSettings offset = ImageSettings.builder().rescale(1 / 127.5, true).build();
        assertThat(ImageProcessor.of(offset).apply(image).data())
                .containsExactly(new float[] {-1, 0.2f, -0.6f, 0.6f, -0.2f, 1}, within(1e-6f));
    }

    @Test
    void a_crop_larger_than_the_image_is_padded_with_black() {
        var image = new RgbImage(1, 2, new byte[] {10, 20, 30, 40, 50, 60});
        var builder = ImageSettings.builder().rescale(1, false);
        ImageProcessor processor =
                ImageProcessor.of(builder.crop(new CenterCrop(1, 4)).build());
        assertThat(processor.apply(image).data()).containsExactly(0, 0, 10, 0, 0, 0, 20, 0, 0, 0, 30, 0);
        var other = new CenterCrop(1, 4, CenterCrop.Rounding.HALF_EVEN);
        assertThat(ImageProcessor.of(builder.crop(other).build()).apply(image).data())
                .containsExactly(0, 10, 0, 0, 0, 20, 0, 0, 0, 30, 0, 0);
    }

    @Test
    void a_batch_is_filled_in_place() {
        var image = new RgbImage(1, 1, new byte[] {1, 2, 3});
        ImageProcessor processor =
                ImageProcessor.of(ImageSettings.builder().rescale(1, false).build());
        float[] batch = new float[7];
        processor.applyInto(image, batch, 1);
        processor.applyInto(image, batch, 4);
        assertThat(batch).containsExactly(0, 1, 2, 3, 1, 2, 3);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> processor.applyInto(image, batch, 5));
    }

    @Test
    void an_image_like_a_thread_is_cropped_cheaply_or_refused() {
        var thread = new RgbImage(1, 60_000, new byte[180_000]);
        Resize resize = Resize.shortestEdge(224);
        var builder = ImageSettings.builder().resize(resize, Resampling.BICUBIC);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageProcessor.of(builder.build()).apply(thread))
                .withMessageContaining("1 x 60000");
        ImageProcessor cropping =
                ImageProcessor.of(builder.crop(new CenterCrop(224, 224)).build());
        assertThat(cropping.apply(thread).data()).hasSize(3 * 224 * 224).containsOnly(0);
        assertThatExceptionOfType(ImageException.class)
                .isThrownBy(() -> ImageProcessor.of(ImageSettings.builder()
                                .resize(Resize.longestEdge(224), Resampling.BICUBIC)
                                .build())
                        .apply(thread));
    }

    private static Offset<Float> within(float tolerance) {
        return Offset.offset(tolerance);
    }
}
