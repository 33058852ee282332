package dev.tailor.hub;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Names that must not fall together in a file system that ignores case or the composition of accents, where the second file would
 * silently replace the first. Used by one thread.
 */
final class DistinctNames {
    /**
     * How a path was first seen.
     *
     * @param name as it was spelled
     * @param file whether it is a file; else a folder
     */
    private record Seen(String name, boolean file) {}

    private final Map<String, Seen> seen = new HashMap<>();

    <X extends RuntimeException> void addFile(String name, Function<String, X> refused) {
        if (seen.containsKey(folded(name)) && name.equals(spelled(name))) {
            throw refused.apply(Unpacking.shown(name) + " occurs twice");
        }
        add(name, true, refused);
    }

    <X extends RuntimeException> void addFolder(String name, Function<String, X> refused) {
        add(name, false, refused);
    }

    private <X extends RuntimeException> void add(String name, boolean file, Function<String, X> refused) {
        for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
            note(name.substring(0, end), false, refused);
        }
        note(name, file, refused);
    }

    private <X extends RuntimeException> void note(String name, boolean file, Function<String, X> refused) {
        Seen before = seen.putIfAbsent(folded(name), new Seen(name, file));
        if (before == null) {
            return;
        }
        if (!before.name().equals(name)) {
            throw refused.apply(Unpacking.shown(before.name()) + " and " + Unpacking.shown(name)
                    + " differ in case only, and are one file on many machines");
        }
        if (before.file() || file) {
            throw refused.apply(Unpacking.shown(name) + " is both a file and a folder");
        }
    }

    private String spelled(String name) {
        Seen before = seen.get(folded(name));
        return before != null && before.file() ? before.name() : "";
    }

    // Upper first: it brings the sharp s, the final sigma and their kin together.
    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
