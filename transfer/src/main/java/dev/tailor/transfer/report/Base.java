package dev.tailor.transfer.report;

import dev.tailor.ModelId;
import dev.tailor.hub.Snapshot;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The model that a training began with.
 *
 * @param id its canonical id
 * @param revision the immutable revision; empty where the hub knows none
 * @param digests what the hub says that its files hash to, by their names; perhaps empty
 * @param license as the hub spells it; empty if unknown
 */
public record Base(String id, String revision, Map<String, String> digests, String license) {

    /** Copies the digests. */
    public Base {
        digests = Collections.unmodifiableMap(new TreeMap<>(digests));
    }

    /** The model of a snapshot. */
    public static Base of(Snapshot snapshot) {
        Map<String, String> digests = new TreeMap<>();
        snapshot.digests().forEach((name, digest) -> {
            if (digest.isKnown() && snapshot.file(name).isPresent()) {
                digests.put(name, digest.toString());
            }
        });
        return new Base(
                snapshot.id(), snapshot.revision(), digests, snapshot.license().orElse(""));
    }

    /** How Python names the model: {@code org/name} on the Hugging Face Hub, a folder's path, else the whole id. */
    public String pythonName() {
        ModelId parsed = ModelId.parse(id);
        return isHuggingFace() || parsed.isFile() ? parsed.path() : id;
    }

    /** Whether the model is on the Hugging Face Hub. */
    public boolean isHuggingFace() {
        return ModelId.parse(id).scheme().equals(ModelId.HUGGING_FACE);
    }

    /** What may be published: no folders of this machine. */
    public String publicName() {
        ModelId parsed = ModelId.parse(id);
        if (!parsed.isFile()) {
            return pythonName();
        }
        String path = parsed.path().replace('\\', '/');
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
