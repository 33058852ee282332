package dev.tailor.zoo.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import dev.tailor.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/** A full-size network's weights by the formula of {@code make_vision_golden.py}, computed when they are asked for. */
public final class FormulaCheckpoint implements Checkpoint {
    private static final int CHUNK = 1 << 16;

    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private final Set<String> norms = new HashSet<>();
    private final double gain;

    /** The weights that a recording describes. */
    public FormulaCheckpoint(JsonObject recording) {
        gain = recording.get("gain").getAsDouble();
        recording.getAsJsonArray("norm_weights").forEach(name -> norms.add(name.getAsString()));
        recording.getAsJsonObject("state_dict").entrySet().forEach(entry -> {
            List<Long> shape = new ArrayList<>();
            for (JsonElement side : entry.getValue().getAsJsonArray()) {
                shape.add(side.getAsLong());
            }
            DType type = entry.getKey().endsWith("num_batches_tracked") ? DType.I64 : DType.F32;
            tensors.put(entry.getKey(), TensorInfo.of(entry.getKey(), type, shape));
        });
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public ByteBuffer bytes(String name) {
        TensorInfo info = info(name).orElseThrow();
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) info.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        int count = (int) info.elements();
        long rows = info.shape().isEmpty() ? 1 : info.shape().get(0);
        boolean running = name.endsWith("running_var");
        boolean matrix = info.shape().size() >= 2 && !name.endsWith("running_mean") && !running;
        boolean norm = norms.contains(name);
        double scale = running ? 0.5 : matrix ? Math.sqrt(6.0 / ((double) count / rows)) * gain : 0.1;
        double shift = running || (norm && !matrix) ? 1 : 0;
        fill(buffer, name, count, scale, shift, running);
        return buffer;
    }

    /** The recorded input, {@code 1.5 * s}. */
    public static ByteBuffer input(int count) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        fill(buffer, "input", count, 1.5, 0, false);
        return buffer;
    }

    private static void fill(ByteBuffer buffer, String name, int count, double scale, double shift, boolean positive) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int seed = (int) crc.getValue();
        IntStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            for (int i = chunk * CHUNK; i < Math.min(count, (chunk + 1) * CHUNK); i++) {
                double u = unit(seed + i * 0x9E3779B9);
                buffer.putFloat(i * Float.BYTES, (float) (shift + scale * (positive ? u : 2 * u - 1)));
            }
        });
    }

    /** murmur3's finalizer as a number in [0, 1). */
    private static double unit(int value) {
        int x = value;
        x ^= x >>> 16;
        x *= 0x85EBCA6B;
        x ^= x >>> 13;
        x *= 0xC2B2AE35;
        x ^= x >>> 16;
        return Integer.toUnsignedLong(x) / 4294967296.0;
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        return bytes(name).slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public String location(String name) {
        return "the formula";
    }
}
