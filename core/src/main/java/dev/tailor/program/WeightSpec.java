package dev.tailor.program;

import java.util.List;

/**
 * A weight that a program uses.
 *
 * @param key the canonical name, as the reference library saves it
 * @param stored the name in the checkpoint, or empty if the weight is new
 * @param shape the lengths of its axes
 * @param role what training does with it
 * @param init its first values if it is new
 */
public record WeightSpec(String key, String stored, List<Long> shape, Role role, Init init) {

    /** What training does with a weight. */
    public enum Role {
        /** Changed by gradients. */
        PARAMETER,
        /** State that the network updates by itself, such as running statistics. */
        BUFFER
    }

    /** Whether no checkpoint holds it. */
    public boolean isNew() {
        return stored.isEmpty();
    }

    /** The number of elements. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
