package dev.tailor.hub;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages that are fetched when they are asked for, each telling where the next one is. Empty pages are passed over. For one thread.
 *
 * @param <T> what is on a page
 * @param <K> where a page is: an address, a token
 */
public final class Pages<T, K> implements Iterator<List<T>> {
    /** A hub whose empty pages never end must not hold the caller. */
    private static final int MOST_EMPTY = 100;

    private final Function<K, Page<T, K>> fetch;
    private @Nullable K next;
    private List<T> ready = List.of();

    /**
     * One page.
     *
     * @param items what is on it
     * @param next where the next one is, or null behind the last
     */
    public record Page<T, K>(List<T> items, @Nullable K next) {}

    /** Begins at a page, without fetching it yet. */
    public Pages(K first, Function<K, Page<T, K>> fetch) {
        this.next = first;
        this.fetch = fetch;
    }

    @Override
    public boolean hasNext() {
        for (int i = 0; ready.isEmpty() && next != null && i < MOST_EMPTY; i++) {
            Page<T, K> page = fetch.apply(next);
            ready = List.copyOf(page.items());
            next = page.next() != null && page.next().equals(next) ? null : page.next();
        }
        return !ready.isEmpty();
    }

    @Override
    public List<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("There are no more pages");
        }
        List<T> page = ready;
        ready = List.of();
        return page;
    }
}
