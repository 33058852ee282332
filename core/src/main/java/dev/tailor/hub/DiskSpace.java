package dev.tailor.hub;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks whether a file will fit before its bytes travel. */
final class DiskSpace {
    private DiskSpace() {}

    /** Checks that the partial's disk has room for so many more bytes. */
    static void require(Download download, Path partial, long missing) throws IOException {
        Path folder = partial.toAbsolutePath().getParent();
        if (missing <= 0 || folder == null) {
            return;
        }
        FileStore store = Files.getFileStore(folder);
        long free = store.getUsableSpace();
        // Some network file systems tell 0 or less when they do not know.
        if (free > 0 && free < missing) {
            throw HubException.of(
                    download.repository(),
                    download.what() + ": it needs " + missing + " more bytes, but " + folder + " has " + free
                            + " left. Free some space or choose another cache folder.");
        }
    }
}
