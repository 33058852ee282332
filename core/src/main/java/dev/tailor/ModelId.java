package dev.tailor;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parsed model id: where a model lives, before anything is fetched.
 *
 * <ul>
 *   <li>{@code hf://org/name[@revision][/sub/folder]} or, for the oldest models, {@code hf://name}; the revision is a branch,
 *       a tag, a 40-hex commit or {@code refs/pr/1}, and percent-encoded when it holds another {@code /}
 *   <li>{@code file:/abs/folder}, {@code file:///abs/folder} or {@code file:relative/folder}
 *   <li>{@code https://tfhub.dev/publisher/model/version}: the same as {@code tfhub://publisher/model/version}
 *   <li>{@code bundled:name}: a folder shipped on the class path
 *   <li>{@code https://host/path/file#sha256=<64 hex digits>}: one file from anywhere; the fragment is the revision
 *   <li>{@code scheme://rest} for every other hub; the rest is left to its connector
 * </ul>
 *
 * <p>{@link #toString()} gives the canonical id, which {@link #parse} turns into an equal value.
 *
 * @param scheme which hub, in lower case
 * @param path the model in that hub: {@code org/name}, an absolute folder, or the rest of the id; never empty except for
 *     {@code bundled:}, whose connector lists what there is
 * @param revision branch, tag or commit as the id pins it, or null where the id names none
 * @param folder folder inside the repository that is taken as the model's root, with {@code /} between names; often empty
 */
public record ModelId(String scheme, String path, @Nullable String revision, String folder) {
    /** The scheme of folders on this machine. */
    public static final String FILE = "file";

    /** The scheme of the Hugging Face Hub. */
    public static final String HUGGING_FACE = "hf";

    private static final String BUNDLED = "bundled";

    /** A handle of TensorFlow Hub is a web address, in its own client too. */
    private static final String TENSORFLOW_HUB = "tfhub.dev/";

    /** Two letters at least, so that {@code C:\models} is no id of a hub called C. */
    private static final Pattern ID = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):(?://)?(.*)", Pattern.DOTALL);

    /** Checks that no part holds control characters; the grammar of a scheme is checked by {@link #parse}. */
    public ModelId {
        checkText(scheme, "scheme");
        checkText(path, "path");
        checkText(folder, "folder");
        if (revision != null) {
            checkText(revision, "revision");
        }
    }

    /**
     * Parses an id.
     *
     * @throws IllegalArgumentException if it has no scheme, or does not follow the grammar of its scheme; the message shows the
     *     corrected forms
     */
    public static ModelId parse(String id) {
        var matcher = ID.matcher(id);
        if (id.isBlank() || !matcher.matches()) {
            throw new IllegalArgumentException(withoutScheme(id.strip()));
        }
        String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
        String rest = matcher.group(2);
        if (scheme.equals("https") && rest.startsWith(TENSORFLOW_HUB) && !rest.contains("#")) {
            return new ModelId("tfhub", rest.substring(TENSORFLOW_HUB.length()), null, "");
        }
        return switch (scheme) {
            case HUGGING_FACE -> HuggingFaceId.parse(id, rest);
            case FILE -> of(FileId.path(id));
            case HttpsId.SCHEME -> HttpsId.parse(id, rest);
            case "http" ->
                throw new IllegalArgumentException("\"" + id
                        + "\" is an address without encryption. Write https://host/path/file#sha256=<64 hex digits>, or"
                        + " hf://org/name for a page of huggingface.co.");
            default -> {
                if (rest.isEmpty() && !scheme.equals(BUNDLED)) {
                    throw new IllegalArgumentException("\"" + id + "\" names no model after its scheme");
                }
                yield new ModelId(scheme, rest, null, "");
            }
        };
    }

    /**
     * The id of a folder on this machine; a relative path is taken from the working directory.
     *
     * @throws IllegalArgumentException if the path is not on the default file system
     */
    public static ModelId of(Path folder) {
        if (folder.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(folder + " lies in " + folder.getFileSystem()
                    + "; only folders of the default file system can be read");
        }
        return new ModelId(FILE, folder.toAbsolutePath().normalize().toString(), null, "");
    }

    /** Whether the id names a folder on this machine. */
    public boolean isFile() {
        return scheme.equals(FILE);
    }

    /**
     * The folder of a {@code file:} id.
     *
     * @throws IllegalStateException if the id names something else
     */
    public Path toPath() {
        if (!isFile()) {
            throw new IllegalStateException(this + " is not a folder on this machine");
        }
        return Path.of(path);
    }

    /** The canonical id. */
    @Override
    public String toString() {
        return switch (scheme) {
            case HUGGING_FACE -> HuggingFaceId.format(this);
            case FILE -> FileId.format(path);
            case BUNDLED -> BUNDLED + ":" + path;
            case HttpsId.SCHEME -> HttpsId.SCHEME + "://" + path + "#" + revision;
            default -> scheme + "://" + path;
        };
    }

    private static String withoutScheme(String id) {
        if (id.isEmpty()) {
            return "The model id is empty. Write for example hf://org/name, file:/path/to/folder or bundled:name.";
        }
        boolean local = id.startsWith("/") || id.startsWith(".") || id.startsWith("~") || id.contains("\\");
        String folder =
                "Path.of(\"" + id.replace("\\", "\\\\") + "\") or \"file:" + id.replace('\\', '/') + "\" for a folder";
        return "\"" + id + "\" does not say where the model is. Write "
                + (local ? folder : "\"hf://" + id + "\" for the Hugging Face Hub, or " + folder)
                + " on this machine.";
    }

    private static void checkText(String text, String part) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new IllegalArgumentException(
                        "The " + part + " of a model id must not hold control characters (found one at " + i + ")");
            }
        }
    }
}
