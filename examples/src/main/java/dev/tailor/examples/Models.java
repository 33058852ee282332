package dev.tailor.examples;

import dev.tailor.ModelId;
import java.io.IOException;
import java.io.UncheckedIOException;
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

    /** The file for what was drawn into a picture. */
    static Path drawn(Path folder, Path picture, String what) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + folder + ": " + e, e);
        }
        String name = String.valueOf(picture.getFileName()).replaceFirst("\\.[^.]*$", "");
        return folder.resolve(name + "-" + what + ".png");
    }
}
