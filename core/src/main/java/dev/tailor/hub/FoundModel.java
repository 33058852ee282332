package dev.tailor.hub;

import dev.tailor.ModelId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model that a search found. Immutable.
 *
 * @param id what {@code Pretrained.from} takes
 * @param title the hub's title, or the name where it has none
 * @param task in the hub's spelling, or null
 * @param library in the hub's spelling, or null
 * @param license in the hub's spelling, or null
 * @param downloads as the hub counts them, or -1 if it does not tell
 * @param likes likes or votes, or -1 if the hub does not tell
 * @param updated its last change, or null
 * @param gated whether an account must ask for access
 * @param tags all its tags
 */
public record FoundModel(
        ModelId id,
        String title,
        @Nullable String task,
        @Nullable String library,
        @Nullable String license,
        long downloads,
        long likes,
        @Nullable Instant updated,
        boolean gated,
        List<String> tags) {
    /** Copies the tags. */
    public FoundModel {
        tags = List.copyOf(tags);
    }
}
