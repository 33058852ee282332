package dev.tailor.zoo.pipelines;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Token states to one vector, as sentence-transformers' {@code Pooling} does; several modes give their vectors one after
 * another.
 *
 * @param modes at least one, in the order of the result
 * @param includePrompt whether the tokens of a prompt count
 */
record Pooling(List<Mode> modes, boolean includePrompt) {

    /** How tokens become a vector. */
    enum Mode {
        CLS("cls", "pooling_mode_cls_token"),
        MAX("max", "pooling_mode_max_tokens"),
        MEAN("mean", "pooling_mode_mean_tokens"),
        MEAN_SQRT_LEN("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"),
        WEIGHTED_MEAN("weightedmean", "pooling_mode_weightedmean_tokens"),
        LAST("lasttoken", "pooling_mode_lasttoken");

        private final String name;
        private final String flag;

        Mode(String name, String flag) {
            this.name = name;
            this.flag = flag;
        }
    }

    static Pooling mean() {
        return new Pooling(List.of(Mode.MEAN), true);
    }

    /** Reads {@code 1_Pooling/config.json}: {@code pooling_mode}, a name or a list of them, or the older flags. */
    static Pooling read(Path file) {
        JsonObject json = Json.readObject(file);
        JsonElement named = json.get("pooling_mode");
        List<Mode> modes = new ArrayList<>();
        if (named != null && named.isJsonArray()) {
            named.getAsJsonArray().forEach(e -> modes.add(mode(e, file)));
        } else if (named != null && named.isJsonPrimitive()) {
            modes.add(mode(named, file));
        } else {
            for (Mode mode : Mode.values()) {
                if (chosen(json.get(mode.flag), mode)) {
                    modes.add(mode);
                }
            }
        }
        if (modes.isEmpty()) {
            throw new TailorException(file + " chooses no pooling mode");
        }
        JsonElement include = json.get("include_prompt");
        boolean excluded = include != null && include.isJsonPrimitive() && !include.getAsBoolean();
        return new Pooling(List.copyOf(modes), !excluded);
    }

    /** A flag that the file does not hold has the reference's default: the mean is on, all others are off. */
    private static boolean chosen(@Nullable JsonElement flag, Mode mode) {
        if (flag == null || flag.isJsonNull()) {
            return mode == Mode.MEAN;
        }
        return flag.isJsonPrimitive() && flag.getAsBoolean();
    }

    private static Mode mode(JsonElement element, Path file) {
        String name = element.isJsonPrimitive() ? element.getAsString() : element.toString();
        for (Mode mode : Mode.values()) {
            if (mode.name.equals(name)) {
                return mode;
            }
        }
        throw new TailorException(file + ": the pooling mode \"" + name + "\" is not known; known are "
                + List.of(Mode.values()).stream().map(m -> m.name).toList());
    }

    /**
     * Pools one text.
     *
     * @param states {@code [tokens, width]}
     * @param skipped how many tokens at the beginning do not count, those of a prompt
     */
    float[] apply(float[] states, int width, int skipped) {
        int tokens = states.length / width;
        float[] result = new float[modes.size() * width];
        for (int m = 0; m < modes.size(); m++) {
            for (int i = 0; i < width; i++) {
                result[m * width + i] = (float) component(modes.get(m), states, i, tokens, width, skipped);
            }
        }
        return result;
    }

    /**
     * What each token counts where a vector is a weighted sum of them.
     *
     * @throws TailorException if it is another function of them, or several vectors one after another
     */
    float[] weights(int tokens, int skipped) {
        if (modes.size() != 1 || modes.get(0) == Mode.MAX) {
            throw new TailorException("models with the pooling " + modes + " cannot be fitted; those with one of "
                    + "CLS, MEAN, MEAN_SQRT_LEN, WEIGHTED_MEAN and LAST can");
        }
        float[] result = new float[tokens];
        for (int t = 0; t < tokens; t++) {
            float[] one = new float[tokens];
            one[t] = 1;
            result[t] = (float) component(modes.get(0), one, 0, tokens, 1, skipped);
        }
        return result;
    }

    private static double component(Mode mode, float[] states, int offset, int tokens, int width, int skipped) {
        double sum = 0;
        double weights = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (int t = skipped; t < tokens; t++) {
            double value = states[offset + t * width];
            double weight = mode == Mode.WEIGHTED_MEAN ? t + 1 : 1;
            sum += weight * value;
            weights += weight;
            max = Math.max(max, value);
        }
        // As in the reference, a text whose prompt leaves no room for it has the vector 0.
        double divisor = Math.max(weights, 1e-9);
        return switch (mode) {
            case CLS -> states[offset + (skipped < tokens ? skipped : 0) * width];
            case LAST -> skipped < tokens ? states[offset + (tokens - 1) * width] : 0;
            case MAX -> max;
            case MEAN, WEIGHTED_MEAN -> sum / divisor;
            case MEAN_SQRT_LEN -> sum / Math.sqrt(divisor);
        };
    }
}
