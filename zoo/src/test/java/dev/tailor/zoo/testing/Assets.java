package dev.tailor.zoo.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real models and data sets that lie beside the checkout; tests that need them are skipped elsewhere. */
public final class Assets {
    private Assets() {}

    /** A folder of the assets, found in a {@code shared/assets} beside any parent of the working directory. */
    public static Path folder(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path folder = at.resolve("shared").resolve("assets").resolve(name);
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        return Assumptions.abort("no folder shared/assets/" + name + " beside the checkout");
    }
}
