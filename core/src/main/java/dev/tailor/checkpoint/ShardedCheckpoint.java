package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Several files as one; each tensor lives in one of them. */
final class ShardedCheckpoint implements Checkpoint {
    private final String index;
    private final Map<String, Checkpoint> shardOf = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /** Joins shards that share no name; {@code index} names them together in messages. */
    ShardedCheckpoint(String index, List<Checkpoint> shards) {
        this.index = index;
        for (Checkpoint shard : shards) {
            shard.names().forEach(name -> shardOf.put(name, shard));
            shard.metadata().forEach(metadata::putIfAbsent);
        }
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shardOf.keySet());
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        return Optional.ofNullable(shardOf.get(name)).flatMap(shard -> shard.info(name));
    }

    @Override
    public ByteBuffer bytes(String name) {
        return shard(name).bytes(name);
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        return shard(name).bytes(name, offset, length);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public String location(String name) {
        return shard(name).location(name);
    }

    @Override
    public String toString() {
        return index + " (" + shardOf.size() + " tensors)";
    }

    private Checkpoint shard(String name) {
        Checkpoint shard = shardOf.get(name);
        if (shard == null) {
            throw NearNames.missing(name, names(), index);
        }
        return shard;
    }
}
