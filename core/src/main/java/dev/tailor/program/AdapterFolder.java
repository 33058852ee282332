package dev.tailor.program;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.CheckpointView;
import dev.tailor.checkpoint.Safetensors;
import dev.tailor.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An adapter as PEFT stores it: {@code adapter_config.json} and {@code adapter_model.safetensors}.
 *
 * @param adapter what it changes and how
 * @param weights its tensors under the network's own keys
 * @param base the model that it was trained on, as the folder names it, or empty
 */
public record AdapterFolder(Adapter adapter, Checkpoint weights, String base) {
    /** The file with the settings. */
    public static final String CONFIG = "adapter_config.json";
    /** The file with the tensors. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    /** Keys that make another method of it, or change more than the thin matrices. */
    private static final List<String> UNSUPPORTED = List.of(
            "use_dora",
            "use_qalora",
            "use_bdlora",
            "fan_in_fan_out",
            "lora_bias",
            "layer_replication",
            "target_parameters",
            "trainable_token_indices",
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "monteclora_config",
            "velora_config");

    /**
     * Reads a folder.
     *
     * @throws TailorException if a file is missing or damaged, or the adapter is of a kind that is not supported
     */
    public static AdapterFolder read(Path folder) {
        Path file = folder.resolve(CONFIG);
        JsonObject json = Json.readObject(file);
        String type = text(json, "peft_type", "LORA");
        if (!type.equals("LORA")) {
            throw new TailorException(file + ": adapters of the type " + type + " are not supported, only LORA");
        }
        List<String> strange =
                UNSUPPORTED.stream().filter(k -> isSet(json.get(k))).toList();
        if (!strange.isEmpty()) {
            throw new TailorException(file + ": " + strange + " ask for more than plain LoRA, which is not supported");
        }
        try {
            Adapter adapter = new Adapter(
                    json.has("r") ? json.get("r").getAsInt() : 8,
                    json.has("lora_alpha") ? json.get("lora_alpha").getAsDouble() : 8,
                    json.has("use_rslora") && json.get("use_rslora").getAsBoolean(),
                    json.has("lora_dropout") ? json.get("lora_dropout").getAsDouble() : 0,
                    targets(json, file),
                    texts(json.get("modules_to_save")),
                    map(json, "rank_pattern", JsonElement::getAsInt),
                    map(json, "alpha_pattern", JsonElement::getAsDouble));
            Checkpoint stored = Safetensors.read(folder.resolve(WEIGHTS));
            return new AdapterFolder(adapter, plain(stored), text(json, "base_model_name_or_path", ""));
        } catch (IllegalStateException | UnsupportedOperationException | IllegalArgumentException e) {
            throw new TailorException(file + " is not an adapter's config: " + e.getMessage(), e);
        }
    }

    private static AdapterTargets targets(JsonObject json, Path file) {
        JsonElement names = json.get("target_modules");
        boolean pattern = names != null && names.isJsonPrimitive();
        if (pattern && names.getAsString().equalsIgnoreCase("all-linear")) {
            throw new TailorException(
                    file + ": target_modules \"all-linear\" does not tell which modules; PEFT replaces"
                            + " it by their names when it saves an adapter");
        }
        List<Integer> layers = new ArrayList<>();
        JsonElement numbers = json.get("layers_to_transform");
        if (numbers != null && numbers.isJsonArray()) {
            numbers.getAsJsonArray().forEach(n -> layers.add(n.getAsInt()));
        } else if (numbers != null && !numbers.isJsonNull()) {
            layers.add(numbers.getAsInt());
        }
        return new AdapterTargets(
                pattern ? List.of() : texts(names),
                pattern ? names.getAsString() : "",
                texts(json.get("exclude_modules")),
                layers,
                texts(json.get("layers_pattern")));
    }

    private static boolean isSet(@Nullable JsonElement value) {
        if (value == null || value.isJsonNull()) {
            return false;
        } else if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean()) {
            return value.getAsBoolean();
        }
        return !(value instanceof JsonArray array && array.isEmpty())
                && !(value instanceof JsonObject object && object.isEmpty());
    }

    private static String text(JsonObject json, String key, String absent) {
        return json.has(key) && !json.get(key).isJsonNull() ? json.get(key).getAsString() : absent;
    }

    private static List<String> texts(@Nullable JsonElement value) {
        if (value == null || value.isJsonNull()) {
            return List.of();
        } else if (value.isJsonPrimitive()) {
            return List.of(value.getAsString());
        }
        List<String> all = new ArrayList<>();
        value.getAsJsonArray().forEach(v -> all.add(v.getAsString()));
        return all;
    }

    private static <V> Map<String, V> map(JsonObject json, String key, Function<JsonElement, V> read) {
        Map<String, V> all = new LinkedHashMap<>();
        if (json.get(key) instanceof JsonObject object) {
            object.entrySet().forEach(e -> all.put(e.getKey(), read.apply(e.getValue())));
        }
        return all;
    }

    /** The tensors without what PEFT's wrappers put into their names. */
    private static Checkpoint plain(Checkpoint stored) {
        return CheckpointView.renamed(stored, name -> {
            String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
            return bare.replace(".base_layer.", ".").replace(".modules_to_save.", ".");
        });
    }

    /** The name under which PEFT stores a weight of the network. */
    public static String storedName(String key) {
        return PREFIX + key;
    }

    /**
     * The text of {@link #CONFIG}.
     *
     * @param base how the model that the adapter was trained on is named
     * @param taskType PEFT's name of the task, such as {@code SEQ_CLS}, or empty
     * @param modules the paths of all modules that the adapter changes
     */
    public static String config(Adapter adapter, String base, String taskType, Collection<String> modules) {
        JsonObject json = new JsonObject();
        json.addProperty("peft_type", "LORA");
        json.addProperty("task_type", taskType.isEmpty() ? null : taskType);
        json.addProperty("base_model_name_or_path", base);
        json.addProperty("r", adapter.rank());
        json.addProperty("lora_alpha", adapter.alpha());
        json.addProperty("lora_dropout", adapter.dropout());
        json.addProperty("use_rslora", adapter.rootScaled());
        json.addProperty("bias", "none");
        json.addProperty("fan_in_fan_out", false);
        json.addProperty("inference_mode", true);
        json.add("target_modules", array(modules));
        json.add("modules_to_save", adapter.trained().isEmpty() ? JsonNull.INSTANCE : array(adapter.trained()));
        JsonObject ranks = new JsonObject();
        adapter.ranks().forEach(ranks::addProperty);
        json.add("rank_pattern", ranks);
        JsonObject alphas = new JsonObject();
        adapter.alphas().forEach(alphas::addProperty);
        json.add("alpha_pattern", alphas);
        return new GsonBuilder().setPrettyPrinting().serializeNulls().create().toJson(json) + "\n";
    }

    private static JsonArray array(Collection<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}
