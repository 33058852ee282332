package dev.tailor.program;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A model's {@code config.json}, read by key. A key that is absent or null takes the given default; one of the wrong type is
 * an error that names file, key and value. Immutable.
 */
public final class ModelConfig {
    private static final long MOST_LAYERS = 10_000;
    private static final int MOST_LABELS = 1_000_000;
    private static final double LARGEST = 1L << 53;
    private static final Pattern ID = Pattern.compile("0|[1-9][0-9]{0,8}");

    private final JsonObject json;
    private final String source;

    private ModelConfig(JsonObject json, String source) {
        this.json = json;
        this.source = source;
    }

    /** Reads {@code config.json}. */
    public static ModelConfig read(Path file) {
        return new ModelConfig(Json.readObject(file), file.toString());
    }

    /** Parses the text of a config. */
    public static ModelConfig parse(String text, String source) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return new ModelConfig(Json.parseObject(utf8, source, false), source);
    }

    /**
     * The {@code model_type}, or an empty text. A config of timm has none, but the name of the whole network under {@code
     * architecture}; that is {@code timm/resnet26d} here.
     */
    public String modelType() {
        String network = text("architecture", "");
        return text("model_type", network.isEmpty() ? "" : "timm/" + network.replaceFirst("\\..*", ""));
    }

    /** The classes under {@code architectures}. */
    public List<String> architectures() {
        return texts("architectures");
    }

    /** The head that the first known class under {@code architectures} names. */
    public Optional<Head> head() {
        return architectures().stream().flatMap(n -> Head.of(n).stream()).findFirst();
    }

    /** Where it was read, for messages. */
    public String source() {
        return source;
    }

    /** Whether the key is there with a value. */
    public boolean has(String key) {
        return json.has(key) && !json.get(key).isJsonNull();
    }

    /** A whole number. */
    public long integer(String key, long absent) {
        if (!has(key)) {
            return absent;
        }
        double value = number(key, (double) absent);
        if (value != Math.rint(value)) {
            throw wrong(key, "a whole number");
        }
        return whole(key, value);
    }

    private long whole(String key, double value) {
        if (Math.abs(value) > LARGEST) {
            throw wrong(key, "a whole number below 2^53");
        }
        return (long) value;
    }

    /**
     * A length or a count: a whole number from 1 to {@code most}. The bound keeps a hostile config from describing a network
     * that cannot be held.
     */
    public long count(String key, long absent, long most) {
        return check(key, integer(key, absent), most);
    }

    /** Checks a value that was read under a key, as {@link #count} does. */
    public long check(String key, long value, long most) {
        if (value < 1 || value > most) {
            throw wrong(key, "a whole number from 1 to " + most);
        }
        return value;
    }

    /** A width or another length of a weight's axis, at least 1. */
    public long width(String key, long absent) {
        return count(key, absent, Integer.MAX_VALUE);
    }

    /** How many layers are stacked, at least 1. */
    public long layers(String key, long absent) {
        return count(key, absent, MOST_LAYERS);
    }

    /** A text; the reference writes labels that are numbers as such. */
    private static Optional<String> text(JsonElement element) {
        boolean texts =
                element.isJsonPrimitive() && !element.getAsJsonPrimitive().isBoolean();
        return texts ? Optional.of(element.getAsString()) : Optional.empty();
    }

    /** A number. */
    public double number(String key, double absent) {
        if (!has(key)) {
            return absent;
        }
        JsonElement value = json.get(key);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw wrong(key, "a number");
        }
        return value.getAsDouble();
    }

    /** A text. */
    public String text(String key, String absent) {
        if (!has(key)) {
            return absent;
        }
        JsonElement value = json.get(key);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw wrong(key, "a text");
        }
        return value.getAsString();
    }

    /** A text that must be one of those that the network knows. */
    public String oneOf(String key, String absent, String... known) {
        String found = text(key, absent);
        if (!List.of(known).contains(found)) {
            throw wrong(key, "\"" + String.join("\" or \"", known) + "\", for no other is supported");
        }
        return found;
    }

    /** Refuses a config that switches on what the network does not know. */
    public void mustBeOff(String... keys) {
        for (String key : keys) {
            if (flag(key, false)) {
                throw wrong(key, "false, for true is not supported");
            }
        }
    }

    /** The object under a key, as a config of its own; empty where it is absent. */
    public ModelConfig part(String key) {
        if (!has(key)) {
            return new ModelConfig(new JsonObject(), source);
        }
        if (!(json.get(key) instanceof JsonObject part)) {
            throw wrong(key, "an object");
        }
        return new ModelConfig(part, source);
    }

    /** Whether the key holds a list. */
    public boolean isList(String key) {
        return json.get(key) instanceof JsonArray;
    }

    /** A list of numbers. */
    public List<Double> numbers(String key, List<Double> absent) {
        if (!has(key)) {
            return absent;
        }
        boolean list = json.get(key) instanceof JsonArray array
                && array.asList().stream()
                        .allMatch(e ->
                                e.isJsonPrimitive() && e.getAsJsonPrimitive().isNumber());
        if (!list) {
            throw wrong(key, "a list of numbers");
        }
        return json.getAsJsonArray(key).asList().stream()
                .map(JsonElement::getAsDouble)
                .toList();
    }

    /** A list of texts; empty where it is absent. */
    public List<String> texts(String key) {
        return texts(key, List.of());
    }

    /** A list of texts. */
    public List<String> texts(String key, List<String> absent) {
        if (!has(key)) {
            return absent;
        }
        if (!(json.get(key) instanceof JsonArray array)) {
            throw wrong(key, "a list of texts");
        }
        List<String> values = new ArrayList<>();
        for (JsonElement element : array) {
            if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
                throw wrong(key, "a list of texts");
            }
            values.add(element.getAsString());
        }
        return List.copyOf(values);
    }

    /** True or false. */
    public boolean flag(String key, boolean absent) {
        if (!has(key)) {
            return absent;
        }
        JsonElement value = json.get(key);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.getAsBoolean();
    }

    /** A list of whole numbers; one number stands for a list of one. */
    public List<Long> integers(String key, List<Long> absent) {
        if (!has(key)) {
            return absent;
        }
        if (!(json.get(key) instanceof JsonArray array)) {
            return List.of(integer(key, 0));
        }
        List<Long> values = new ArrayList<>();
        for (JsonElement element : array) {
            boolean number =
                    element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
            if (!number || element.getAsDouble() != Math.rint(element.getAsDouble())) {
                throw wrong(key, "a list of whole numbers");
            }
            values.add(whole(key, element.getAsDouble()));
        }
        return List.copyOf(values);
    }

    /**
     * The labels in the order of their ids, from {@code id2label}; without it {@code LABEL_0 ...} for {@code num_labels}, as
     * the reference names them, or two of them.
     */
    public List<String> labels() {
        if (!has("id2label")) {
            if (has("label_names")) {
                return texts("label_names");
            }
            // Configs of whole networks, named as timm and torchvision do, count classes; ImageNet has a thousand.
            boolean named = modelType().contains("/");
            String key = named && !has("num_labels") ? "num_classes" : "num_labels";
            long count = integer(key, named ? 1000 : 2);
            if (count < 0 || count > MOST_LABELS) {
                throw wrong(key, "between 0 and " + MOST_LABELS);
            }
            return LongStream.range(0, count).mapToObj(i -> "LABEL_" + i).toList();
        }
        if (!(json.get("id2label") instanceof JsonObject table)) {
            throw wrong("id2label", "an object of whole numbers to texts");
        }
        Map<Integer, String> byId = new TreeMap<>();
        for (Map.Entry<String, JsonElement> entry : table.entrySet()) {
            Optional<String> label = text(entry.getValue());
            if (label.isEmpty() || !ID.matcher(entry.getKey()).matches()) {
                throw new TailorException(source + ": id2label must give a text for each whole number, found "
                        + entry.getKey() + ": " + entry.getValue());
            }
            byId.put(Integer.valueOf(entry.getKey()), label.get());
        }
        for (int i = 0; i < byId.size(); i++) {
            if (!byId.containsKey(i)) {
                throw new TailorException(source + ": id2label has " + byId.size() + " labels but none for id " + i);
            }
        }
        return List.copyOf(byId.values());
    }

    /** The ids of the labels in the order of the file, from {@code label2id}; without it those of {@link #labels()}. */
    public Map<String, Integer> labelIds() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        List<String> labels = labels();
        if (!has("label2id")) {
            for (int i = 0; i < labels.size(); i++) {
                ids.putIfAbsent(labels.get(i), i);
            }
            return Collections.unmodifiableMap(ids);
        }
        if (!(json.get("label2id") instanceof JsonObject table)) {
            throw wrong("label2id", "an object of texts to whole numbers");
        }
        for (Map.Entry<String, JsonElement> entry : table.entrySet()) {
            String id = text(entry.getValue()).orElse("");
            if (!ID.matcher(id).matches() || Integer.parseInt(id) >= labels.size()) {
                throw new TailorException(source + ": label2id must give one of the " + labels.size()
                        + " ids for each label, found " + entry.getKey() + ": " + entry.getValue());
            }
            ids.put(entry.getKey(), Integer.valueOf(id));
        }
        return Collections.unmodifiableMap(ids);
    }

    /** The object under a key as a config of its own. */
    public Optional<ModelConfig> section(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (!(json.get(key) instanceof JsonObject object)) {
            throw wrong(key, "an object");
        }
        return Optional.of(new ModelConfig(object.deepCopy(), source + " \"" + key + "\""));
    }

    /** The number of labels. */
    public int labelCount() {
        return labels().size();
    }

    /** A copy for a new head: other labels, and the class that a saved folder will name. */
    public ModelConfig withHead(String className, List<String> labels) {
        JsonObject copy = json.deepCopy();
        JsonArray classes = new JsonArray();
        classes.add(className);
        copy.add("architectures", classes);
        JsonObject id2label = new JsonObject();
        JsonObject label2id = new JsonObject();
        for (int i = 0; i < labels.size(); i++) {
            id2label.addProperty(Integer.toString(i), labels.get(i));
            label2id.addProperty(labels.get(i), i);
        }
        copy.add("id2label", id2label);
        copy.add("label2id", label2id);
        copy.remove("num_labels");
        copy.remove("label_names");
        if (has("num_classes")) {
            copy.addProperty("num_classes", labels.size());
        }
        return new ModelConfig(copy, source);
    }

    /** A copy that has another config's keys where it has none itself. */
    public ModelConfig over(ModelConfig defaults) {
        JsonObject copy = defaults.json.deepCopy();
        json.entrySet().stream()
                .filter(e -> !e.getValue().isJsonNull())
                .forEach(e -> copy.add(e.getKey(), e.getValue().deepCopy()));
        return new ModelConfig(copy, source);
    }

    /** The config under a key, empty where there is none. */
    public ModelConfig object(String key) {
        if (!has(key)) {
            return new ModelConfig(new JsonObject(), source);
        }
        if (!(json.get(key) instanceof JsonObject object)) {
            throw wrong(key, "an object");
        }
        return new ModelConfig(object, source + ", " + key);
    }

    /** The keys. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(json.keySet());
    }

    /** A copy with one text replaced. */
    public ModelConfig with(String key, String value) {
        JsonObject copy = json.deepCopy();
        copy.addProperty(key, value);
        return new ModelConfig(copy, source);
    }

    /** The config as indented JSON with a final newline. */
    public String toJson() {
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeNulls()
                        .create()
                        .toJson(json)
                + "\n";
    }

    private TailorException wrong(String key, String expected) {
        String found = String.valueOf(json.get(key));
        String shown = found.length() > 200 ? found.substring(0, 200) + "..." : found;
        return new TailorException(source + ": \"" + key + "\" must be " + expected + ", found " + shown);
    }
}
