package dev.tailor.transfer;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the features that one fit computed for the next ones of the same model on the same data, such as the trials of a search.
 * For one thread; after {@link #close} every fit computes its own.
 */
final class FeatureStore implements AutoCloseable {
    private @Nullable Object key;
    private @Nullable Features kept;
    private boolean closed;

    /** Keeps nothing. */
    static FeatureStore none() {
        FeatureStore store = new FeatureStore();
        store.close();
        return store;
    }

    /**
     * Lets features be used.
     *
     * @param wanted equal where features would be
     */
    <R> R use(Object wanted, Supplier<Features> compute, Function<Features, R> use) {
        if (closed) {
            try (Features own = compute.get()) {
                return use.apply(own);
            }
        }
        if (kept == null || !wanted.equals(key)) {
            drop();
            kept = compute.get();
            key = wanted;
        }
        return use.apply(kept);
    }

    private void drop() {
        Features old = kept;
        kept = null;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }
}
