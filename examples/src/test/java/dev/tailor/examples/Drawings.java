package dev.tailor.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes drawings as files, as users have their pictures. */
final class Drawings {
    private Drawings() {}

    static void write(Path folder, String kind, int count) {
        try {
            Files.createDirectories(folder);
            for (int i = 0; i < count; i++) {
                Path file = folder.resolve(kind + "-" + i + ".png");
                ImageIO.write(Pictograms.draw(kind, 64, 100 + i), "png", file.toFile());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
