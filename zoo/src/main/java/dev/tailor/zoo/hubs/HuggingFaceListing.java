package dev.tailor.zoo.hubs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.hub.Digest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RelativeName;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a repository at one commit, by name. Immutable; its JSON form is that of huggingface_hub's {@code trees/<commit>.json},
 * with the licence besides.
 */
final class HuggingFaceListing {
    /**
     * A file.
     *
     * @param size bytes, or -1 if unknown
     * @param blobId git blob id, of the pointer for a large file; or null
     * @param sha256 SHA-256 of a large file, or null for a small one
     */
    record Entry(
            long size, @Nullable String blobId, @Nullable String sha256) {
        /** The etag that the hub gives for the file, which is the name of its blob in the cache; or null. */
        @Nullable
        String etag() {
            return sha256 != null ? sha256 : blobId;
        }
    }

    private final Map<String, Entry> files;
    private final @Nullable String license;

    /** Checks every name, so that what follows cannot write outside its folder. */
    HuggingFaceListing(Map<String, Entry> files, String repository) {
        for (String name : files.keySet()) {
            if (!RelativeName.isSafe(name)) {
                throw HubException.of(
                        repository,
                        "hf://" + repository + " lists a file with the unsafe name \""
                                + name.replaceAll("\\p{Cntrl}", "?")
                                + "\"; nothing was written. The repository is damaged or hostile.");
            }
        }
        this.files = Collections.unmodifiableMap(new TreeMap<>(files));
        this.license = null;
    }

    private HuggingFaceListing(HuggingFaceListing listing, @Nullable String license) {
        this.files = listing.files;
        this.license = license;
    }

    /** The same with the licence that the hub tells, or null. */
    HuggingFaceListing withLicense(@Nullable String license) {
        return new HuggingFaceListing(this, license);
    }

    @Nullable
    String license() {
        return license;
    }

    /** What each file must hash to, as far as the hub tells. */
    Map<String, Digest> digests() {
        Map<String, Digest> digests = new TreeMap<>();
        files.forEach((name, file) -> {
            String etag = file.etag();
            Digest digest = etag == null ? Digest.none() : Digest.ofEtag(etag);
            if (digest.isKnown()) {
                digests.put(name, digest);
            }
        });
        return digests;
    }

    Collection<String> names() {
        return files.keySet();
    }

    @Nullable
    Entry get(String name) {
        return files.get(name);
    }

    /** Reads one element of the hub's tree; null for what is no file. */
    static @Nullable Entry ofTree(JsonObject element) {
        if (!"file".equals(text(element, "type"))) {
            return null;
        }
        JsonElement lfs = element.get("lfs");
        String sha256 = lfs != null && lfs.isJsonObject() ? text(lfs.getAsJsonObject(), "oid") : null;
        return new Entry(number(element, "size"), text(element, "oid"), sha256);
    }

    static HuggingFaceListing ofJson(JsonObject json, String repository) {
        JsonElement version = json.get("format_version");
        JsonElement listed = json.get("files");
        if (version == null || !version.equals(new JsonPrimitive(1L)) || listed == null || !listed.isJsonObject()) {
            throw HubException.of(repository, "unknown format of a cached listing");
        }
        Map<String, Entry> files = new TreeMap<>();
        for (Map.Entry<String, JsonElement> file : listed.getAsJsonObject().entrySet()) {
            if (!file.getValue().isJsonObject()) {
                throw HubException.of(repository, "unknown format of a cached listing");
            }
            JsonObject entry = file.getValue().getAsJsonObject();
            files.put(
                    file.getKey(), new Entry(number(entry, "size"), text(entry, "blob_id"), text(entry, "lfs_sha256")));
        }
        return new HuggingFaceListing(files, repository).withLicense(text(json, "license"));
    }

    JsonObject toJson() {
        JsonObject listed = new JsonObject();
        files.forEach((name, file) -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("size", file.size());
            entry.addProperty("blob_id", file.blobId());
            if (file.sha256() != null) {
                entry.addProperty("lfs_sha256", file.sha256());
                entry.addProperty("lfs_size", file.size());
            }
            listed.add(name, entry);
        });
        JsonObject json = new JsonObject();
        json.addProperty("format_version", 1);
        json.add("files", listed);
        if (license != null) {
            json.addProperty("license", license);
        }
        return json;
    }

    static @Nullable String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value instanceof JsonPrimitive primitive && primitive.isString() ? primitive.getAsString() : null;
    }

    static long number(JsonObject object, String key) {
        JsonElement value = object.get(key);
        boolean whole = value instanceof JsonPrimitive primitive && primitive.isNumber();
        return whole && value.getAsLong() >= 0 ? value.getAsLong() : -1;
    }
}
