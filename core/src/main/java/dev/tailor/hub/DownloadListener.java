package dev.tailor.hub;

/**
 * Hears how downloads go on. Called on the fetching thread, for files that travel only: what the cache holds is silent. An
 * exception thrown here ends the download; what came so far is kept for the next try.
 */
public interface DownloadListener {
    /** A transfer begins; {@code total} bytes, or -1 where the hub does not tell. */
    default void started(String file, long total) {}

    /** Bytes of the file that are on this machine by now, those of an earlier, interrupted download included. */
    default void progress(String file, long bytesSoFar, long total) {}

    /** The file is complete, verified and in place. */
    default void finished(String file, long total) {}

    /** A listener that does nothing. */
    static DownloadListener none() {
        return Silent.INSTANCE;
    }

    /** The listener that does nothing. */
    enum Silent implements DownloadListener {
        /** The only one. */
        INSTANCE
    }
}
