package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RelativeName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The files at or below a path of a commit.
 *
 * @param entries by name relative to the repository's root
 */
record GitHubTree(Map<String, Entry> entries) {
    /** The mode of git for a symbolic link, whose content is the name that it leads to. */
    private static final String LINK = "120000";

    /**
     * A blob.
     *
     * @param mode git's mode, such as {@code 100644}
     * @param sha the blob's 40-hex id
     * @param size bytes of the blob, which is a pointer for files in Git LFS
     */
    record Entry(String mode, String sha, long size) {
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
            entries.put(name, new Entry(mode, sha, GitHubRelease.number(json, "size")));
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
            array.add(json);
        });
        return array;
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
