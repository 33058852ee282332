package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Another checkpoint's tensors under other names. Immutable and safe for many threads. */
public final class RenamedCheckpoint implements Checkpoint {
    private final Checkpoint stored;
    private final Map<String, String> names;

    /**
     * Renames.
     *
     * @param names the stored name by the new one; a stored tensor that is not among the values is left out
     */
    public RenamedCheckpoint(Checkpoint stored, Map<String, String> names) {
        this.stored = stored;
        this.names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    }

    private String stored(String name) {
        String own = names.get(name);
        if (own == null) {
            throw new CheckpointException(Path.of(""), "There is no tensor " + name, null);
        }
        return own;
    }

    @Override
    public Set<String> names() {
        return names.keySet();
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        String own = names.get(name);
        return own == null ? Optional.empty() : stored.info(own).map(i -> TensorInfo.of(name, i.dtype(), i.shape()));
    }

    @Override
    public ByteBuffer bytes(String name) {
        return stored.bytes(stored(name));
    }

    @Override
    public ByteBuffer bytes(String name, long offset, int length) {
        return stored.bytes(stored(name), offset, length);
    }

    @Override
    public Map<String, String> metadata() {
        return stored.metadata();
    }

    @Override
    public String location(String name) {
        return stored.location(stored(name));
    }
}
