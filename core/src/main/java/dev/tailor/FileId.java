package dev.tailor;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The {@code file:} ids: standard URIs with an absolute path, and the handy relative form {@code file:some/folder}. */
final class FileId {
    private FileId() {}

    static Path path(String id) {
        String rest = id.substring(id.indexOf(':') + 1);
        if (rest.startsWith("//")) {
            int slash = rest.indexOf('/', 2);
            String host = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
            if (slash < 0 || !(host.isEmpty() || host.equals("localhost"))) {
                throw new IllegalArgumentException(
                        "\"" + id + "\" names the host \"" + host
                                + "\"; write file:/abs/path, file:///abs/path or file:relative/path for a folder on this machine");
            }
            rest = rest.substring(slash);
        }
        String path = PercentCode.decode(rest, id);
        if (path.isEmpty()) {
            throw new IllegalArgumentException("\"" + id + "\" names no folder; write file:/path/to/folder");
        }
        // file:///C:/models: the slash belongs to the URI, not to the Windows path.
        if (path.matches("/[A-Za-z]:.*") && java.io.File.separatorChar == '\\') {
            path = path.substring(1);
        }
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + id + "\" is not a path on this machine: " + e.getReason(), e);
        }
    }

    static String format(String path) {
        String slashed = path.replace(java.io.File.separatorChar, '/');
        try {
            return new URI("file", null, slashed.startsWith("/") ? slashed : "/" + slashed, null).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No URI for " + path, e);
        }
    }
}
