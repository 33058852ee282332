package dev.tailor.hub;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * One file to download.
 *
 * @param file its name for listeners and messages
 * @param first where to ask first, such as the signed address that a metadata request found
 * @param again where to ask after a failure, usually the hub itself, since signed addresses expire
 * @param size bytes, or -1 where the hub does not tell
 * @param digest what the bytes must hash to
 * @param target where the file appears once it is verified
 * @param partial where its bytes are gathered and kept for resuming; on the target's file system, and its name tells the content
 *     apart, for instance by digest
 * @param lock an empty file that stands for the right to use the partial; never deleted
 * @param errors turns an answer of 4xx or 5xx into the exception to throw
 */
public record Download(
        String file,
        HubRequest first,
        HubRequest again,
        long size,
        Digest digest,
        Path target,
        Path partial,
        Path lock,
        Function<HubResponse, HubException> errors) {

    String repository() {
        return first.repository();
    }

    String what() {
        return repository() + "/" + file;
    }
}
