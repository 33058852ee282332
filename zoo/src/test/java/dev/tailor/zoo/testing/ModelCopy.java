package dev.tailor.zoo.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of a recorded model that a test may damage. */
public record ModelCopy(Path folder) {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** A recorded folder, to be read only. */
    public static Path recorded(String name) {
        return GOLDEN.resolve(name);
    }

    /** Copies a recorded folder. */
    public static ModelCopy of(String name, Path into) {
        Path source = recorded(name);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path target = into.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelCopy(into);
    }

    /** Rewrites a text file. */
    public ModelCopy edit(String file, UnaryOperator<String> change) {
        try {
            String before = Files.readString(folder.resolve(file));
            String after = change.apply(before);
            if (after.equals(before)) {
                throw new IllegalArgumentException("the edit of " + file + " changes nothing");
            }
            return write(file, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces one part of a text file. */
    public ModelCopy replace(String file, String part, String by) {
        return edit(file, text -> text.replace(part, by));
    }

    /** Writes a text file. */
    public ModelCopy write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Deletes files. */
    public ModelCopy without(String... files) {
        try {
            for (String file : List.of(files)) {
                Files.delete(folder.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Cuts a file to its first bytes. */
    public ModelCopy cut(String file, int bytes) {
        try {
            byte[] all = Files.readAllBytes(folder.resolve(file));
            Files.write(folder.resolve(file), Arrays.copyOf(all, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
