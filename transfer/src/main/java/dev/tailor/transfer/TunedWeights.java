package dev.tailor.transfer;

import dev.tailor.TailorException;
import dev.tailor.checkpoint.Checkpoint;
import dev.tailor.checkpoint.DType;
import dev.tailor.checkpoint.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Float weights in direct memory under their canonical keys. Immutable and safe for many threads. */
final class TunedWeights implements Checkpoint {
    private record Tensor(TensorInfo info, ByteBuffer bytes) {}

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final String source;

    /** Why a folder with these weights would not be the model; empty if it would. */
    private final String unsavable;

    TunedWeights(String source, String unsavable) {
        this.source = source;
        this.unsavable = unsavable;
    }

    /** Refuses what cannot be saved. */
    void requireSavable() {
        if (!unsavable.isEmpty()) {
            throw new TailorException(unsavable);
        }
    }

    /** Adds a tensor; only while this is being built. */
    void put(String key, List<Long> shape, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        tensors.put(key, new Tensor(TensorInfo.of(key, DType.F32, shape), bytes.asReadOnlyBuffer()));
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        return Optional.ofNullable(tensors.get(name)).map(Tensor::info);
    }

    @Override
    public ByteBuffer bytes(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(source + " has no tensor " + name);
        }
        return tensor.bytes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        return bytes(name).slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of("format", "pt");
    }

    @Override
    public String location(String name) {
        return source;
    }
}
