package dev.tailor.hub;

import org.jspecify.annotations.Nullable;

/**
 * What to look for on a hub. Immutable.
 *
 * @param text words in the model's name, or null for any
 * @param task such as {@code image-classification}, in the hub's own spelling, or null for any
 * @param library such as {@code transformers}, or null for any
 * @param sort order of the results
 * @param pageSize most models of one page, 1 to 100
 */
public record SearchQuery(
        @Nullable String text,
        @Nullable String task,
        @Nullable String library,
        Sort sort,
        int pageSize) {
    /** Orders of results. */
    public enum Sort {
        /** Most downloads first. */
        DOWNLOADS,
        /** Most likes or votes first. */
        LIKES,
        /** Newest change first. */
        UPDATED,
        /** As the hub thinks best. */
        RELEVANCE
    }

    /** Checks the page size. */
    public SearchQuery {
        if (pageSize < 1 || pageSize > 100) {
            throw new IllegalArgumentException("pageSize must be between 1 and 100, found " + pageSize);
        }
    }

    /** All models, most downloads first, 20 a page. */
    public static SearchQuery all() {
        return new SearchQuery(null, null, null, Sort.DOWNLOADS, 20);
    }

    /** Models whose name has these words, most downloads first, 20 a page. */
    public static SearchQuery of(String text) {
        return all().withText(text);
    }

    /** The same with other words. */
    public SearchQuery withText(@Nullable String text) {
        return new SearchQuery(text, task, library, sort, pageSize);
    }

    /** The same for one task. */
    public SearchQuery withTask(@Nullable String task) {
        return new SearchQuery(text, task, library, sort, pageSize);
    }

    /** The same for one library. */
    public SearchQuery withLibrary(@Nullable String library) {
        return new SearchQuery(text, task, library, sort, pageSize);
    }

    /** The same in another order. */
    public SearchQuery withSort(Sort sort) {
        return new SearchQuery(text, task, library, sort, pageSize);
    }

    /** The same in pages of another size. */
    public SearchQuery withPageSize(int pageSize) {
        return new SearchQuery(text, task, library, sort, pageSize);
    }
}
