package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.hub.Digest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RelativeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files at or below a path of a commit.
 *
 * @param entries by name relative to the repository's root
 */
record GitHubTree(Map<String, Entry> entries) {
    /** The mode of git for a symbolic link, whose content is the name that it leads to. */
    private static final String LINK = "120000";

    /** Tailor's own field in the listings of its cache. */
    private static final String LARGE = "lfs_sha256";

    /**
     * A blob.
     *
     * @param mode git's mode, such as {@code 100644}
     * @param sha the blob's 40-hex id
     * @param size bytes of the blob, which is a pointer for files in Git LFS
     * @param large SHA-256 of the file in Git LFS that the pointer turned out to be of, or null
     */
    record Entry(
            String mode, String sha, long size, @Nullable String large) {
        Digest digest() {
            return large != null ? Digest.sha256(large) : Digest.gitBlob(sha);
        }

        boolean isLink() {
            return mode.equals(LINK);
        }
    }

    /**
     * Reads the {@code tree} array that GitHub gives, or what {@link #toJson} wrote.
     *
     * @param base put before every name, with a slash at its end, or empty
     * @param path only what is it or lies below it is kept; empty keeps all
     */
    static GitHubTree of(JsonArray array, String base, String path, String slug) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (JsonElement element : array) {
            JsonObject json = element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
            String name = base + Objects.requireNonNullElse(HuggingFaceListing.text(json, "path"), "");
            if (!"blob".equals(HuggingFaceListing.text(json, "type"))
                    || !(path.isEmpty() || name.equals(path) || name.startsWith(path + "/"))) {
                continue;
            }
            String sha = HuggingFaceListing.text(json, "sha");
            if (!RelativeName.isSafe(name) || sha == null || !GitHubId.isObject(sha)) {
                throw HubException.of(
                        slug,
                        "github://" + slug + " lists a file with the unsafe name \"" + GitHubErrors.clean(name)
                                + "\" or without the id of its content; nothing was written.");
            }
            String mode = Objects.requireNonNullElse(HuggingFaceListing.text(json, "mode"), "");
            String large = HuggingFaceListing.text(json, LARGE);
            boolean known = large != null && large.matches("[0-9a-f]{64}");
            entries.put(name, new Entry(mode, sha, GitHubRelease.number(json, "size"), known ? large : null));
        }
        return new GitHubTree(entries);
    }

    JsonArray toJson() {
        JsonArray array = new JsonArray();
        entries.forEach((name, entry) -> {
            JsonObject json = new JsonObject();
            json.addProperty("path", name);
            json.addProperty("type", "blob");
            json.addProperty("mode", entry.mode());
            json.addProperty("sha", entry.sha());
            json.addProperty("size", entry.size());
            if (entry.large() != null) {
                json.addProperty(LARGE, entry.large());
            }
            array.add(json);
        });
        return array;
    }

    /** The same, where these files turned out to be in Git LFS, with the SHA-256 of their bytes. */
    GitHubTree withLarge(Map<String, String> large) {
        Map<String, Entry> known = new LinkedHashMap<>(entries);
        large.forEach((name, sha256) -> known.computeIfPresent(
                name, (same, entry) -> new Entry(entry.mode(), entry.sha(), entry.size(), sha256)));
        return new GitHubTree(known);
    }

    /** What the files below a folder hash to, by their names relative to it; links are left out. */
    Map<String, Digest> digests(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        Map<String, Digest> digests = new TreeMap<>();
        for (String name : below(folder)) {
            digests.put(name, Objects.requireNonNull(entries.get(prefix + name)).digest());
        }
        return digests;
    }

    /** The names below a folder, relative to it; links are left out. */
    List<String> below(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        List<String> names = new ArrayList<>();
        entries.forEach((name, entry) -> {
            if (name.startsWith(prefix) && !entry.isLink()) {
                names.add(name.substring(prefix.length()));
            }
        });
        return names;
    }
}
