package dev.tailor.zoo.preprocess;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Reads typed values of one configuration and collects everything that is wrong with it. */
final class ConfigReader {
    private final JsonObject config;
    private final List<String> problems = new ArrayList<>();

    ConfigReader(JsonObject config) {
        this.config = config;
    }

    List<String> problems() {
        return problems;
    }

    void problem(String text) {
        problems.add(text);
    }

    boolean has(String key) {
        return config.has(key) && !config.get(key).isJsonNull();
    }

    /** The value of a key, absent meaning {@code false}. */
    boolean flag(String key) {
        if (!has(key)) {
            return false;
        }
        if (config.get(key) instanceof JsonPrimitive value && value.isBoolean()) {
            return value.getAsBoolean();
        }
        wrong(key, "true or false");
        return false;
    }

    double number(String key) {
        if (has(key)
                && config.get(key) instanceof JsonPrimitive value
                && value.isNumber()
                && Double.isFinite(value.getAsDouble())) {
            return value.getAsDouble();
        }
        wrong(key, "a number");
        return 1;
    }

    /** Three values; a bare number counts for each channel. */
    List<Double> channels(String key) {
        JsonElement element = config.get(key);
        var values = new ArrayList<Double>();
        if (element != null && element.isJsonArray()) {
            for (JsonElement value : element.getAsJsonArray()) {
                if (value instanceof JsonPrimitive number
                        && number.isNumber()
                        && Double.isFinite(number.getAsDouble())) {
                    values.add(number.getAsDouble());
                }
            }
            if (values.size() == 3 && element.getAsJsonArray().size() == 3) {
                return values;
            }
        } else if (element instanceof JsonPrimitive number
                && number.isNumber()
                && Double.isFinite(number.getAsDouble())) {
            return Collections.nCopies(3, number.getAsDouble());
        }
        wrong(key, "a list of 3 numbers");
        return List.of(1.0, 1.0, 1.0);
    }

    boolean isNumber(String key) {
        return has(key) && config.get(key) instanceof JsonPrimitive value && value.isNumber();
    }

    /** A side in pixels below a key: of an object by name, of a list by index. */
    OptionalInt side(String key, String name, int index) {
        JsonElement element = config.get(key);
        if (element != null && element.isJsonObject()) {
            element = element.getAsJsonObject().get(name);
        } else if (element != null && element.isJsonArray()) {
            element = index >= 0 && element.getAsJsonArray().size() == 2
                    ? element.getAsJsonArray().get(index)
                    : null;
        } else {
            element = null;
        }
        return element == null || element.isJsonNull() ? OptionalInt.empty() : pixels(key, element);
    }

    /** A bare number of pixels. */
    OptionalInt pixels(String key) {
        return pixels(key, config.get(key));
    }

    private OptionalInt pixels(String key, JsonElement element) {
        if (element instanceof JsonPrimitive value && value.isNumber()) {
            double number = value.getAsDouble();
            if (number == Math.rint(number) && number >= 1 && number <= 1 << 20) {
                return OptionalInt.of((int) number);
            }
        }
        wrong(key, "whole numbers of pixels from 1 to " + (1 << 20));
        return OptionalInt.empty();
    }

    void wrong(String key, String expected) {
        JsonElement found = config.get(key);
        String text = found == null ? "nothing" : found.toString();
        String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
        problem(key + " must be " + expected + ", found "
                + (found == null ? text : Json.kind(found) + " (" + shown + ")"));
    }
}
