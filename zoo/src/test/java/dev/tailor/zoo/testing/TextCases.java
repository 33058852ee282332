package dev.tailor.zoo.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recorded calls of the reference's text pipelines: {@code cases.json} beside a model. */
public final class TextCases {
    private TextCases() {}

    /** The calls of a folder. */
    public static List<JsonObject> read(Path folder) {
        Path file = folder.resolve("cases.json");
        try {
            return objects(Json.parse(Files.readAllBytes(file), file.toString(), true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects of a list, or a single one. */
    public static List<JsonObject> objects(JsonElement element) {
        List<JsonObject> objects = new ArrayList<>();
        if (element.isJsonObject()) {
            objects.add(element.getAsJsonObject());
        } else {
            element.getAsJsonArray().forEach(e -> objects.add(e.getAsJsonObject()));
        }
        return objects;
    }

    /** The texts of a list. */
    public static List<String> texts(JsonElement element) {
        List<String> texts = new ArrayList<>();
        element.getAsJsonArray().forEach(e -> texts.add(e.getAsString()));
        return texts;
    }

    /** An option as the call names it: {@code name=value} or {@code name=[values]}. */
    public static String option(JsonObject recorded, String name, String absent) {
        Matcher matcher = Pattern.compile("\\b" + name + "=(\\[[^\\]]*\\]|[^,\\s]+)")
                .matcher(recorded.get("call").getAsString());
        return matcher.find() ? matcher.group(1) : absent;
    }

    /** Python counts characters, Java UTF-16 units. */
    public static int units(String text, JsonElement characters) {
        return text.offsetByCodePoints(0, characters.getAsInt());
    }
}
