package dev.tailor.zoo.preprocess;

import dev.tailor.TailorException;
import dev.tailor.program.ModelConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How pictures are prepared for networks whose {@code config.json} says so itself: timm's {@code pretrained_cfg}, after {@code
 * timm.data.create_transform}, torchvision's {@code transforms}, after {@code ImageClassification} and, without a crop, {@code
 * SemanticSegmentation} in its {@code _presets.py}, and those
 * of Keras' applications, after {@code load_img} and {@code preprocess_input}, which have a {@code mode}.
 */
final class NamedTransforms {
    private static final String TIMM = "pretrained_cfg";
    private static final String TRANSFORMS = "transforms";
    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
    /** Red first; the network sees blue first. */
    private static final List<Double> CAFFE_MEAN = List.of(123.68, 116.779, 103.939);

    private static final int MOST_PIXELS = 1 << 14;

    private NamedTransforms() {}

    /** Whether a config has them. */
    static boolean in(ModelConfig config) {
        return config.has(TIMM) || config.has(TRANSFORMS);
    }

    /**
     * Reads them.
     *
     * @throws TailorException if they are not supported
     */
    static ImageSettings read(ModelConfig config) {
        if (config.has(TIMM)) {
            return timm(config.object(TIMM));
        }
        ModelConfig json = config.object(TRANSFORMS);
        return json.has("mode") ? keras(json) : torchvision(json);
    }

    /** Pictures are squeezed to the size, whatever their shape. */
    private static ImageSettings keras(ModelConfig json) {
        List<Long> size = json.integers("target_size", List.of(224L, 224L));
        if (size.size() != 2) {
            throw new TailorException(json.source() + ": target_size must be height and width, found " + size);
        }
        Resize resize = Resize.exact((int) json.check("target_size", size.get(0), MOST_PIXELS), (int)
                json.check("target_size", size.get(1), MOST_PIXELS));
        ImageSettings.Builder settings =
                ImageSettings.builder().resize(resize, resampling(json, json.text("interpolation", "nearest")));
        String mode = json.text("mode", "");
        return switch (mode) {
            case "caffe" ->
                settings.rescale(1, false)
                        .normalize(CAFFE_MEAN, List.of(1.0, 1.0, 1.0))
                        .bgr(true)
                        .build();
            case "tf" -> settings.rescale(1 / 127.5, true).build();
            case "torch" -> settings.normalize(IMAGENET_MEAN, IMAGENET_STD).build();
            default ->
                throw new TailorException(json.source() + ": the mode \"" + mode
                        + "\" is not supported; known are caffe, tf and torch, as in Keras' imagenet_utils.py");
        };
    }

    private static ImageSettings torchvision(ModelConfig json) {
        int resize = (int) json.count("resize_size", 256, MOST_PIXELS);
        int crop = json.has("crop_size") ? (int) json.count("crop_size", resize, MOST_PIXELS) : 0;
        return settings(json, Resize.shortestEdge(resize), crop == 0 ? null : new CenterCrop(crop, crop), "bilinear");
    }

    private static ImageSettings timm(ModelConfig json) {
        List<Long> size = json.integers("input_size", List.of(3L, 224L, 224L));
        if (size.size() != 3) {
            throw new TailorException(json.source() + ": input_size must be channels, height and width, found " + size);
        }
        int height = (int) json.check("input_size", size.get(1), MOST_PIXELS);
        int width = (int) json.check("input_size", size.get(2), MOST_PIXELS);
        double part = json.number("crop_pct", 0.875);
        String mode = json.text("crop_mode", "center");
        boolean square = height == width;
        if (!(part > 0.01 && part <= 1) || !(mode.equals("squash") || (mode.equals("center") && square))) {
            throw new TailorException(
                    json.source() + ": crop_pct must lie within 0.01 and 1 and crop_mode be \"center\""
                            + " (of a square) or \"squash\"; found " + part + ", \"" + mode + "\" and " + size);
        }
        Resize resize = mode.equals("squash")
                ? Resize.exact((int) Math.floor(height / part), (int) Math.floor(width / part))
                : Resize.shortestEdge((int) Math.floor(height / part));
        return settings(json, resize, new CenterCrop(height, width), "bicubic");
    }

    private static ImageSettings settings(ModelConfig json, Resize resize, @Nullable CenterCrop crop, String usual) {
        Resampling resampling = resampling(json, json.text("interpolation", usual));
        List<Double> mean = json.numbers("mean", IMAGENET_MEAN);
        List<Double> std = json.numbers("std", IMAGENET_STD);
        if (mean.size() != 3 || std.size() != 3 || std.contains(0.0)) {
            throw new TailorException(json.source() + ": mean and std must be 3 numbers each, std other than 0; found "
                    + mean + " and " + std);
        }
        return ImageSettings.builder()
                .resize(resize, resampling)
                .crop(crop)
                .normalize(mean, std)
                .build();
    }

    private static Resampling resampling(ModelConfig json, String name) {
        return switch (name) {
            case "bilinear" -> Resampling.BILINEAR;
            case "bicubic" -> Resampling.BICUBIC;
            case "nearest" -> Resampling.NEAREST;
            case "lanczos" -> Resampling.LANCZOS;
            case "box" -> Resampling.BOX;
            case "hamming" -> Resampling.HAMMING;
            default ->
                throw new TailorException(json.source() + ": the interpolation \"" + name
                        + "\" is not supported; known are bilinear, bicubic, nearest, lanczos, box and hamming");
        };
    }
}
