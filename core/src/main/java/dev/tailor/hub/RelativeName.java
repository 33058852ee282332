package dev.tailor.hub;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Checks names of files that a hub or an archive tells, so that none can be written outside its folder. */
public final class RelativeName {
    private RelativeName() {}

    /** Whether a name is relative, {@code /}-separated, and free of empty, {@code .} and {@code ..} parts, backslashes and control characters. */
    public static boolean isSafe(String name) {
        if (name.isEmpty() || name.length() > 4096) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' || Character.isISOControl(c)) {
                return false;
            }
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        try {
            Path path = Path.of(name);
            // On Windows C:x and such are neither absolute nor inside the folder.
            return !path.isAbsolute() && path.getRoot() == null && path.getNameCount() == name.split("/", -1).length;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * The file of that name in a folder.
     *
     * @throws HubException if the name would lead out of the folder
     */
    public static Path resolve(Path folder, String name, String repository) {
        if (!isSafe(name)) {
            throw HubException.of(
                    repository,
                    repository + " lists a file with the unsafe name \"" + printable(name)
                            + "\"; nothing was written. The repository is damaged or hostile.");
        }
        return folder.resolve(name);
    }

    private static String printable(String name) {
        String shown = name.length() > 200 ? name.substring(0, 200) + "..." : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
