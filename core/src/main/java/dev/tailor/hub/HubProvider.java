package dev.tailor.hub;

import dev.tailor.ModelId;

/**
 * A connector to one hub, found by {@link java.util.ServiceLoader}. Implementations are safe for many threads at once.
 */
public interface HubProvider {
    /** The scheme of the ids that this hub answers, in lower case, such as {@code hf}. */
    String scheme();

    /**
     * Makes a model's files available on this machine.
     *
     * @throws HubException if the hub cannot give them, or the cache lacks them while offline
     * @throws dev.tailor.TailorException for other failures, such as a full disk
     */
    Snapshot fetch(ModelId id, FetchRequest request);
}
