package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** No tensors. */
enum EmptyCheckpoint implements Checkpoint {
    INSTANCE;

    @Override
    public Set<String> names() {
        return Set.of();
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        return Optional.empty();
    }

    @Override
    public ByteBuffer bytes(String name) {
        throw none(name);
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        throw none(name);
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public String location(String name) {
        throw none(name);
    }

    private static CheckpointException none(String name) {
        return new CheckpointException(null, name, "There is no tensor " + name + ": the checkpoint is empty", null);
    }
}
