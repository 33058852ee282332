package dev.tailor.hub;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Pattern;

/** Checks names of files that a hub or an archive tells, so that none can be written outside its folder. */
public final class RelativeName {
    /** {@code C:x} leaves the folder on Windows, so no machine takes it. */
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");

    /** What Windows takes for a device whatever its folder, and names that it changes. */
    private static final Pattern WINDOWS = Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?|.*[. ]");

    private RelativeName() {}

    /**
     * Whether a name is relative, {@code /}-separated, and free of drive letters, empty, {@code .} and {@code ..} parts, backslashes
     * and control characters. On Windows its devices, such as {@code nul}, are refused too.
     */
    public static boolean isSafe(String name) {
        if (name.isEmpty() || name.length() > 4096 || DRIVE.matcher(name).lookingAt()) {
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
            if (File.separatorChar == '\\' && WINDOWS.matcher(part).matches()) {
                return false;
            }
        }
        try {
            Path path = Path.of(name);
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

    /**
     * Checks that all names are safe, and that no two of them are one file on a machine that ignores case.
     *
     * @throws HubException naming the first that is not
     */
    public static void requireDistinct(Collection<String> names, String repository) {
        DistinctNames distinct = new DistinctNames();
        for (String name : names) {
            resolve(Path.of(""), name, repository);
            distinct.addFile(
                    name, why -> HubException.of(repository, repository + ": " + why + ". Nothing was written."));
        }
    }

    private static String printable(String name) {
        String shown = name.length() > 200 ? name.substring(0, 200) + "..." : name;
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
