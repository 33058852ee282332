package dev.tailor.examples;

import dev.tailor.ModelId;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes folders on a command line for what they are. */
final class Models {
    private Models() {}

    /** The id as it is, or the id of the folder that it names. */
    static String id(String given) {
        Path folder = given.contains(":") ? null : Path.of(given);
        return folder != null && Files.isDirectory(folder) ? ModelId.of(folder).toString() : given;
    }
}
