package dev.tailor.zoo.preprocess;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Recorded float32 images of shape [3, height, width]. */
final class GoldenTensors {
    private GoldenTensors() {}

    static Map<String, PixelValues> read(Path safetensors) {
        try {
            byte[] bytes = Files.readAllBytes(safetensors);
            ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            int start = 8 + (int) in.getLong(0);
            JsonObject header = Json.parseObject(Arrays.copyOfRange(bytes, 8, start), safetensors.toString(), true);
            var tensors = new TreeMap<String, PixelValues>();
            for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
                JsonObject info = entry.getValue().getAsJsonObject();
                if (info.has("dtype")) {
                    JsonArray shape = info.getAsJsonArray("shape");
                    int height = shape.get(1).getAsInt();
                    int width = shape.get(2).getAsInt();
                    float[] data = new float[3 * height * width];
                    int from =
                            start + info.getAsJsonArray("data_offsets").get(0).getAsInt();
                    in.slice(from, 4 * data.length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer()
                            .get(data);
                    tensors.put(entry.getKey(), new PixelValues(3, height, width, data));
                }
            }
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
