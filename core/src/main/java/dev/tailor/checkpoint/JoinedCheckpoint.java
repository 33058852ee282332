package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Two checkpoints as one; where both have a tensor, the second one's counts.
 *
 * @param first the one below
 * @param second the one above
 */
public record JoinedCheckpoint(Checkpoint first, Checkpoint second) implements Checkpoint {

    private Checkpoint holder(String name) {
        return second.names().contains(name) ? second : first;
    }

    @Override
    public Set<String> names() {
        Set<String> all = new LinkedHashSet<>(first.names());
        all.addAll(second.names());
        return all;
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        return holder(name).info(name);
    }

    @Override
    public ByteBuffer bytes(String name) {
        return holder(name).bytes(name);
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        return holder(name).bytes(name, offset, length);
    }

    @Override
    public Map<String, String> metadata() {
        Map<String, String> all = new LinkedHashMap<>(second.metadata());
        all.putAll(first.metadata());
        return all;
    }

    @Override
    public String location(String name) {
        return holder(name).location(name);
    }
}
