package dev.tailor.hub;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How to fetch a model.
 *
 * @param cache folder that is used instead of the hub's usual cache, or null for that one
 * @param offline whether only the cache is read and no socket is opened
 * @param listener hears about transfers
 * @param files chooses files by their name relative to the snapshot's root; null takes what inference and transfer need
 * @param timeLimit how long the whole fetch may take, waits and repetitions included, or null for as long as it goes on
 */
public record FetchRequest(
        @Nullable Path cache,
        boolean offline,
        DownloadListener listener,
        @Nullable Predicate<String> files,
        @Nullable Duration timeLimit) {

    /** The hub's usual cache, online, no listener, the usual files. */
    public static FetchRequest defaults() {
        return new FetchRequest(null, false, DownloadListener.none(), null, null);
    }

    /** The same with another cache folder. */
    public FetchRequest withCache(@Nullable Path cache) {
        return new FetchRequest(cache, offline, listener, files, timeLimit);
    }

    /** The same with the network allowed or not. */
    public FetchRequest withOffline(boolean offline) {
        return new FetchRequest(cache, offline, listener, files, timeLimit);
    }

    /** The same with another listener. */
    public FetchRequest withListener(DownloadListener listener) {
        return new FetchRequest(cache, offline, listener, files, timeLimit);
    }

    /** The same with exactly the files that the predicate accepts, of any kind. */
    public FetchRequest withFiles(@Nullable Predicate<String> files) {
        return new FetchRequest(cache, offline, listener, files, timeLimit);
    }

    /** The same with a limit on the time of the whole fetch, or none. What came until then is kept for the next try. */
    public FetchRequest withTimeLimit(@Nullable Duration timeLimit) {
        return new FetchRequest(cache, offline, listener, files, timeLimit);
    }
}
