package dev.tailor.zoo.preprocess;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The image processor classes of transformers: their defaults and the few rules of their own, read from
 * {@code image-processors.json} beside this class.
 *
 * @param classes by class name
 * @param modelTypes the class of a {@code model_type}
 */
record ImageProcessorClasses(Map<String, ProcessorClass> classes, Map<String, String> modelTypes) {
    private static final String RESOURCE = "image-processors.json";

    /** How a class understands {@code size}. */
    enum Sizing {
        PLAIN,
        /** ConvNext: below 384 the shorter side becomes size / crop_pct and the middle is cut out, from 384 on it is warped. */
        CROP_PCT_BELOW_384,
        /** PoolFormer: the size is divided by crop_pct before the crop. */
        CROP_PCT,
        /** LeViT: the shorter side becomes size * 256 / 224. */
        RATIO_256_OF_224,
        /** YOLOS: sides are cut down to multiples of its patches. */
        MULTIPLES_OF_16
    }

    /**
     * One class.
     *
     * @param defaults in the form of a {@code preprocessor_config.json}
     * @param square whether a bare number in {@code size} means a square, else the shorter side
     * @param ignored keys that the class takes but does not honour
     */
    record ProcessorClass(JsonObject defaults, boolean square, Sizing sizing, List<String> ignored) {}

    static ImageProcessorClasses load() {
        JsonObject root;
        try (InputStream in = ImageProcessorClasses.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the jar of tailor-zoo.");
            }
            root = Json.parseObject(in.readAllBytes(), RESOURCE, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var classes = new TreeMap<String, ProcessorClass>();
        for (Map.Entry<String, JsonElement> entry :
                root.getAsJsonObject("classes").entrySet()) {
            JsonObject row = entry.getValue().getAsJsonObject();
            JsonObject rules = row.getAsJsonObject("rules");
            var ignored = new ArrayList<String>();
            if (rules.has("ignored")) {
                rules.getAsJsonArray("ignored").forEach(key -> ignored.add(key.getAsString()));
            }
            classes.put(
                    entry.getKey(),
                    new ProcessorClass(
                            row.getAsJsonObject("defaults"),
                            rules.get("intSize").getAsString().equals("square"),
                            rules.has("sizing")
                                    ? Sizing.valueOf(rules.get("sizing").getAsString())
                                    : Sizing.PLAIN,
                            List.copyOf(ignored)));
        }
        var modelTypes = new HashMap<String, String>();
        root.getAsJsonObject("modelTypes")
                .entrySet()
                .forEach(e -> modelTypes.put(e.getKey(), e.getValue().getAsString()));
        return new ImageProcessorClasses(classes, modelTypes);
    }

    /** The class name behind the spellings of several releases: {@code ...FeatureExtractor}, {@code ...Fast}, {@code ...Pil}. */
    static String canonical(String name) {
        String base = name;
        for (String suffix : List.of("Fast", "Pil")) {
            if (base.endsWith("ImageProcessor" + suffix)) {
                base = base.substring(0, base.length() - suffix.length());
            }
        }
        String legacy = "FeatureExtractor";
        return base.endsWith(legacy) ? base.substring(0, base.length() - legacy.length()) + "ImageProcessor" : base;
    }

    @Nullable
    ProcessorClass find(String name) {
        return classes.get(name);
    }
}
