package dev.tailor.zoo.preprocess;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.zoo.preprocess.ImageProcessorClasses.ProcessorClass;
import dev.tailor.zoo.preprocess.ImageProcessorClasses.Sizing;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Understands {@code preprocessor_config.json}: the file over the defaults of its class, as transformers reads it. */
final class ImageProcessorConfig {
    /** Keys that say all there is to know about a processor without rules of its own. */
    private static final Set<String> COMMON = Set.of(
            "do_resize",
            "size",
            "resample",
            "do_center_crop",
            "crop_size",
            "do_rescale",
            "rescale_factor",
            "do_normalize",
            "image_mean",
            "image_std",
            "do_convert_rgb",
            "image_processor_type",
            "feature_extractor_type",
            "processor_class",
            "default_to_square",
            "input_data_format",
            "data_format",
            "return_tensors",
            "device",
            "disable_grouping",
            "_valid_processor_keys",
            "_processor_class",
            "image_seq_length",
            "model_input_names",
            "do_reduce_labels",
            "reduce_labels");

    private final ConfigReader reader;
    private final ProcessorClass rules;

    private ImageProcessorConfig(ConfigReader reader, ProcessorClass rules) {
        this.reader = reader;
        this.rules = rules;
    }

    /** Reads one configuration; {@code name} is its file, {@code modelType} stands in where it names no class. */
    static ImageSettings read(JsonObject config, @Nullable String modelType, String name) {
        ImageProcessorClasses known = ImageProcessorClasses.load();
        String type = type(config, modelType, known);
        ProcessorClass found = type == null ? null : known.find(type);
        ProcessorClass rules = found == null ? generic(config, type, known, name) : found;
        JsonObject merged = rules.defaults().deepCopy();
        for (Map.Entry<String, JsonElement> entry : config.entrySet()) {
            if (!entry.getValue().isJsonNull() && !rules.ignored().contains(entry.getKey())) {
                merged.add(entry.getKey(), entry.getValue());
            }
        }
        var reader = new ConfigReader(merged);
        ImageSettings settings = new ImageProcessorConfig(reader, rules).settings();
        if (!reader.problems().isEmpty()) {
            throw new ImageException(name + (type == null ? "" : " (" + type + ")") + " cannot be used: "
                    + String.join("; ", reader.problems()) + ".");
        }
        return settings;
    }

    private static @Nullable String type(JsonObject config, @Nullable String modelType, ImageProcessorClasses known) {
        for (String key : List.of("image_processor_type", "feature_extractor_type")) {
            if (config.get(key) instanceof JsonPrimitive value && value.isString()) {
                return ImageProcessorClasses.canonical(value.getAsString());
            }
        }
        return modelType == null ? null : known.modelTypes().get(modelType);
    }

    /** An unknown class is used only if its file leaves nothing to its code. */
    private static ProcessorClass generic(
            JsonObject config, @Nullable String type, ImageProcessorClasses known, String name) {
        var reader = new ConfigReader(config);
        var missing = new TreeSet<String>();
        requireWith(reader, missing, "do_resize", "size", "resample");
        requireWith(reader, missing, "do_rescale", "rescale_factor");
        requireWith(reader, missing, "do_normalize", "image_mean", "image_std");
        if (reader.has("do_center_crop") || reader.has("crop_size")) {
            requireWith(reader, missing, "do_center_crop", "crop_size");
        }
        if (reader.isNumber("size") && reader.flag("do_resize")) {
            missing.add("size as height and width or shortest_edge");
        }
        var foreign = new TreeSet<String>();
        for (Map.Entry<String, JsonElement> entry : config.entrySet()) {
            if (!COMMON.contains(entry.getKey()) && !neutral(entry.getKey(), entry.getValue())) {
                foreign.add(entry.getKey());
            }
        }
        if (missing.isEmpty() && foreign.isEmpty()) {
            return new ProcessorClass(new JsonObject(), true, Sizing.PLAIN, List.of());
        }
        throw new ImageException(name
                + (type == null ? " names no image_processor_type" : " is for the unknown image_processor_type " + type)
                + ", and it cannot be used without knowing the class:"
                + (missing.isEmpty() ? "" : " it leaves out " + String.join(", ", missing))
                + (missing.isEmpty() || foreign.isEmpty() ? "" : " and")
                + (foreign.isEmpty() ? "" : " it has settings of its own, " + String.join(", ", foreign))
                + ". Supported are " + String.join(", ", known.classes().keySet())
                + "; for others build an ImageProcessor from ImageSettings.");
    }

    private static void requireWith(ConfigReader reader, Set<String> missing, String flag, String... keys) {
        if (!reader.has(flag)) {
            missing.add(flag);
        } else if (reader.flag(flag)) {
            for (String key : keys) {
                if (!reader.has(key)) {
                    missing.add(key);
                }
            }
        }
    }

    private static boolean neutral(String key, JsonElement value) {
        boolean one = key.equals("ensure_multiple_of")
                && value instanceof JsonPrimitive number
                && number.isNumber()
                && number.getAsDouble() == 1;
        return one
                || value.isJsonNull()
                || (value instanceof JsonPrimitive flag && flag.isBoolean() && !flag.getAsBoolean());
    }

    private ImageSettings settings() {
        for (String key : List.of("pad_size", "use_square_size")) {
            if (reader.has(key) && (key.equals("pad_size") ? reader.flag("do_pad") : reader.flag(key))) {
                reader.problem(key + " is not supported; build an ImageProcessor from ImageSettings instead");
            }
        }
        Target target = target();
        var builder = ImageSettings.builder()
                .resize(target.resize, resampling())
                .crop(crop(target.crop))
                .rescale(
                        reader.flag("do_rescale") ? reader.number("rescale_factor") : 1,
                        reader.flag("do_rescale") && reader.flag("rescale_offset"))
                .bgr(reader.flag("do_flip_channel_order"))
                // The second name is that of older files.
                .reduceLabels(reader.flag(reader.has("do_reduce_labels") ? "do_reduce_labels" : "reduce_labels"));
        boolean normalize = reader.flag("do_normalize");
        boolean again = reader.flag("include_top");
        if (normalize || again) {
            List<Double> std = reader.channels("image_std");
            if (std.contains(0.0)) {
                reader.wrong("image_std", "a list of 3 numbers other than 0");
                std = List.of(1.0, 1.0, 1.0);
            }
            builder.normalize(normalize ? reader.channels("image_mean") : List.of(0.0, 0.0, 0.0), std)
                    .stdTwice(normalize && again);
        }
        return builder.build();
    }

    private Resampling resampling() {
        if (!reader.flag("do_resize")) {
            return Resampling.BILINEAR;
        }
        double code = reader.number("resample");
        if (code != Math.rint(code) || code < 0 || code > 5) {
            reader.wrong("resample", "a number from 0 to 5 (nearest, Lanczos, bilinear, bicubic, box, Hamming)");
            return Resampling.BILINEAR;
        }
        return Resampling.ofCode((int) code);
    }

    private @Nullable CenterCrop crop(@Nullable CenterCrop own) {
        if (!reader.flag("do_center_crop")) {
            return own;
        }
        OptionalInt height =
                reader.isNumber("crop_size") ? reader.pixels("crop_size") : reader.side("crop_size", "height", 0);
        OptionalInt width = reader.isNumber("crop_size") ? height : reader.side("crop_size", "width", 1);
        if (height.isEmpty() || width.isEmpty()) {
            reader.wrong("crop_size", "a number, or height and width, with do_center_crop");
            return own;
        }
        var crop = new CenterCrop(height.getAsInt(), width.getAsInt());
        if (own != null && !own.equals(crop)) {
            reader.problem("crop_size differs from the crop that size and crop_pct make; two crops are not supported");
        }
        return crop;
    }

    private Target target() {
        if (!reader.flag("do_resize")) {
            return new Target(Resize.none(), null);
        }
        return switch (rules.sizing()) {
            case PLAIN -> new Target(size(), null);
            case CROP_PCT_BELOW_384 -> convNext();
            case MULTIPLES_OF_16 -> {
                Resize size = size();
                Resize cut = size instanceof Resize.BoundedEdges edges
                        ? Resize.shortestEdgeInMultiples(edges.shortest(), edges.longest(), 16)
                        : size;
                yield new Target(cut, null);
            }
            case CROP_PCT -> {
                double part = part();
                Resize size = size();
                // A square counts as its shorter side here.
                Resize edge = size instanceof Resize.Exact exact && exact.height() == exact.width()
                        ? Resize.shortestEdge(exact.height())
                        : size;
                yield new Target(scaled(edge, side -> (int) (side / part)), null);
            }
            case RATIO_256_OF_224 -> {
                Resize size = size();
                yield new Target(
                        size instanceof Resize.Exact ? size : scaled(size, side -> (int) (256.0 / 224 * side)), null);
            }
        };
    }

    private Target convNext() {
        double part = part();
        if (!(size() instanceof Resize.ShortestEdge size)) {
            reader.wrong("size", "a number or shortest_edge");
            return new Target(Resize.none(), null);
        }
        int edge = size.edge();
        return edge >= 384
                ? new Target(Resize.exact(edge, edge), null)
                : new Target(scaled(size, side -> (int) (side / part)), new CenterCrop(edge, edge));
    }

    private double part() {
        double part = reader.number("crop_pct");
        if (part < 0.01 || part > 1) {
            reader.wrong("crop_pct", "a number from 0.01 to 1");
            return 1;
        }
        return part;
    }

    private Resize scaled(Resize size, IntUnaryOperator scale) {
        if (size instanceof Resize.ShortestEdge shortest) {
            return Resize.shortestEdge(scale.applyAsInt(shortest.edge()));
        }
        if (size instanceof Resize.Exact exact) {
            return Resize.exact(scale.applyAsInt(exact.height()), scale.applyAsInt(exact.width()));
        }
        reader.wrong("size", "a number, shortest_edge, or height and width");
        return size;
    }

    private Resize size() {
        if (reader.isNumber("size")) {
            int side = reader.pixels("size").orElse(1);
            if (reader.has("max_size")) {
                return Resize.shortestEdge(side, reader.pixels("max_size").orElse(side));
            }
            return rules.square() ? Resize.exact(side, side) : Resize.shortestEdge(side);
        }
        OptionalInt shortest = reader.side("size", "shortest_edge", -1);
        OptionalInt longest = reader.side("size", "longest_edge", -1);
        if (shortest.isPresent()) {
            return longest.isPresent()
                    ? Resize.shortestEdge(shortest.getAsInt(), longest.getAsInt())
                    : Resize.shortestEdge(shortest.getAsInt());
        }
        if (longest.isPresent()) {
            return Resize.longestEdge(longest.getAsInt());
        }
        OptionalInt maxHeight = reader.side("size", "max_height", -1);
        OptionalInt maxWidth = reader.side("size", "max_width", -1);
        if (maxHeight.isPresent() && maxWidth.isPresent()) {
            return Resize.within(maxHeight.getAsInt(), maxWidth.getAsInt());
        }
        OptionalInt height = reader.side("size", "height", 0);
        OptionalInt width = reader.side("size", "width", 1);
        if (height.isPresent() && width.isPresent()) {
            return Resize.exact(height.getAsInt(), width.getAsInt());
        }
        reader.wrong(
                "size",
                "a number, [height, width], or an object of height and width, shortest_edge, longest_edge, or"
                        + " max_height and max_width");
        return Resize.none();
    }

    /** The resize, and a crop that belongs to it. */
    private record Target(Resize resize, @Nullable CenterCrop crop) {}
}
