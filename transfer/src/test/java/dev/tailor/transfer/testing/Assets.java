package dev.tailor.transfer.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Published data and weights that lie beside the project and are not part of it. */
public final class Assets {
    private Assets() {}

    /** An asset's path; skips the test, with a message, where it is absent. */
    public static Path asset(String name) {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path asset = folder.resolve("shared/assets").resolve(name);
            if (Files.exists(asset)) {
                return asset;
            }
        }
        return Assumptions.abort("shared/assets/" + name + " is not beside the project");
    }
}
