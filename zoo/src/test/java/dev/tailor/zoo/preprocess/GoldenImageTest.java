package dev.tailor.zoo.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole processors against what transformers and torchvision made of the same files. */
class GoldenImageTest {
    private static final Path ROOT = Path.of("src/test/resources/golden/image");
    private static final ImageDecoder DECODER = ImageDecoder.standard();

    static List<String> processors() throws IOException {
        return names(ROOT.resolve("processors"), "");
    }

    static List<String> transforms() throws IOException {
        return names(ROOT.resolve("torchvision"), ".json");
    }

    private static List<String> names(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("processors")
    void a_processor_makes_the_pixel_values_of_the_reference(String name) {
        Path folder = ROOT.resolve("processors").resolve(name);
        ImageProcessor processor = ImageProcessor.from(folder.resolve("preprocessor_config.json"));
        int step = name.equals("convnext-384") ? 8 : 1;
        compare(processor, step, GoldenTensors.read(folder.resolve("golden.safetensors")));
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void settings_express_the_transforms_of_torchvision(String name) {
        Path file = ROOT.resolve("torchvision").resolve(name);
        JsonObject json = Json.readObject(file);
        int crop = json.getAsJsonArray("crop").get(0).getAsInt();
        ImageProcessor processor = ImageProcessor.of(ImageSettings.builder()
                .resize(
                        Resize.shortestEdge(json.getAsJsonArray("resize").get(0).getAsInt()),
                        Resampling.valueOf(
                                json.get("interpolation").getAsString().toUpperCase(Locale.ROOT)))
                .crop(new CenterCrop(crop, crop, CenterCrop.Rounding.HALF_EVEN))
                .normalize(doubles(json.getAsJsonArray("mean")), doubles(json.getAsJsonArray("std")))
                .build());
        Path golden = file.resolveSibling(name.replace(".json", ".safetensors"));
        compare(processor, 4, GoldenTensors.read(golden));
    }

    private static List<Double> doubles(JsonArray array) {
        var values = new ArrayList<Double>();
        array.forEach(value -> values.add(value.getAsDouble()));
        return values;
    }

    private static void compare(ImageProcessor processor, int step, Map<String, PixelValues> golden) {
        assertThat(golden).isNotEmpty();
        golden.forEach((image, expected) -> {
            PixelValues actual = every(
                    step, processor.apply(DECODER.decode(ROOT.resolve("images").resolve(image))));
            assertThat(actual.height()).as(image + " height").isEqualTo(expected.height());
            assertThat(actual.width()).as(image + " width").isEqualTo(expected.width());
            double slack = image.endsWith(".jpg") ? 3 : 0;
            int beyondOne = 0;
            for (int i = 0; i < expected.data().length; i++) {
                int channel = i / (expected.height() * expected.width());
                double std = processor.settings().std().get(channel);
                double levels = Math.abs(actual.data()[i] - expected.data()[i]) * 255 * std;
                levels = processor.settings().stdTwice() ? levels * std : levels;
                assertThat(levels).as(image + " at " + i).isLessThanOrEqualTo(3.01 + slack);
                beyondOne += levels > 1.01 + slack ? 1 : 0;
            }
            assertThat(beyondOne).as(image).isLessThanOrEqualTo(expected.data().length / 200);
        });
    }

    private static PixelValues every(int step, PixelValues values) {
        int height = (values.height() + step - 1) / step;
        int width = (values.width() + step - 1) / step;
        float[] data = new float[3 * height * width];
        int q = 0;
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < values.height(); y += step) {
                for (int x = 0; x < values.width(); x += step) {
                    data[q++] = values.data()[(c * values.height() + y) * values.width() + x];
                }
            }
        }
        return new PixelValues(3, height, width, data);
    }
}
