package dev.tailor.zoo.pipelines;

import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.program.ModelConfig;
import dev.tailor.zoo.preprocess.DetectionTransform;
import dev.tailor.zoo.preprocess.PixelValues;
import dev.tailor.zoo.preprocess.RgbImage;
import java.util.List;
import java.util.function.Function;

/** What a detector of torchvision does with a picture belongs to its network; others have an image processor beside them. */
final class DetectionInput {
    private DetectionInput() {}

    static ImageRunner runner(PretrainedModel model, ModelConfig config, String... outputs) {
        if (!config.has("image_mean")) {
            return ImageRunner.of(model, outputs);
        }
        DetectionTransform transform = transform(config);
        Function<RgbImage, PixelValues> preparation = transform::apply;
        return new ImageRunner(model, preparation, List.of(outputs));
    }

    static DetectionTransform transform(ModelConfig config) {
        List<Long> fixed = config.integers("fixed_size", List.of());
        List<Double> mean = config.numbers("image_mean", List.of());
        List<Double> std = config.numbers("image_std", List.of());
        if (mean.size() != 3 || std.size() != 3 || std.contains(0.0) || !(fixed.isEmpty() || fixed.size() == 2)) {
            throw new TailorException(config.source()
                    + ": image_mean and image_std must be 3 numbers each, std other than"
                    + " 0, and fixed_size, if any, height and width; found " + mean + ", " + std + " and " + fixed);
        }
        if (!fixed.isEmpty()) {
            return DetectionTransform.exact(side(config, fixed.get(0)), side(config, fixed.get(1)), mean, std);
        }
        int least = (int) config.count("min_size", 800, DetectionTransform.MOST_SIDE);
        int most = (int) config.count("max_size", 1333, DetectionTransform.MOST_SIDE);
        return DetectionTransform.within(least, most, mean, std);
    }

    private static int side(ModelConfig config, long value) {
        return (int) config.check("fixed_size", value, DetectionTransform.MOST_SIDE);
    }
}
