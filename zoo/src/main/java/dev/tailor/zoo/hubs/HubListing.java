package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Digest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RelativeName;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one version as a hub lists them, and as a cache notes them for the next fetch, with the licence and the card. Immutable; all names
 * are safe.
 */
final class HubListing {
    private static final Logger LOG = LoggerFactory.getLogger(HubListing.class);

    private static final Pattern KNOWN = Pattern.compile("(?:sha256|blake3):[0-9a-f]{64}|md5:[A-Za-z0-9+/]{22}==");

    private final Map<String, Entry> files;
    private final @Nullable String license;
    private final @Nullable String card;

    /**
     * One file.
     *
     * @param size bytes, or -1 where the hub does not tell
     * @param hash {@code sha256:} or {@code blake3:} and 64 hex digits, or {@code md5:} and base64, or null
     */
    record Entry(long size, @Nullable String hash) {
        Digest digest() {
            if (hash == null) {
                return Digest.none();
            }
            String value = hash.substring(hash.indexOf(':') + 1);
            return hash.startsWith("md5:")
                    ? Digest.md5Base64(value)
                    : hash.startsWith("blake3:") ? Digest.blake3(value) : Digest.sha256(value);
        }
    }

    /**
     * Checks the names.
     *
     * @throws HubException if one leads out of its folder
     */
    HubListing(Map<String, Entry> files, @Nullable String license, @Nullable String card, String repository) {
        this.license = license;
        this.card = card;
        files.keySet().forEach(name -> RelativeName.resolve(Path.of(""), name, repository));
        this.files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    Set<String> names() {
        return files.keySet();
    }

    /** What is known of a file; nothing but its name if the listing lacks it. */
    Entry get(String name) {
        return files.getOrDefault(name, new Entry(-1, null));
    }

    /** All files, sorted; not to be changed. */
    Map<String, Entry> entries() {
        return files;
    }

    @Nullable
    String license() {
        return license;
    }

    /** What the hub writes about the model, in Markdown, or null. */
    @Nullable
    String card() {
        return card;
    }

    /** What the files must hash to, as far as that is known. */
    Map<String, Digest> digests() {
        Map<String, Digest> digests = new TreeMap<>();
        files.forEach((name, entry) -> {
            if (entry.digest().isKnown()) {
                digests.put(name, entry.digest());
            }
        });
        return digests;
    }

    void write(Path file) throws IOException {
        JsonArray array = new JsonArray();
        files.forEach((name, entry) -> {
            JsonObject one = new JsonObject();
            one.addProperty("name", name);
            one.addProperty("size", entry.size());
            if (entry.hash() != null) {
                one.addProperty("hash", entry.hash());
            }
            array.add(one);
        });
        JsonObject root = new JsonObject();
        root.add("files", array);
        if (license != null) {
            root.addProperty("license", license);
        }
        if (card != null) {
            root.addProperty("card", card);
        }
        byte[] content = root.toString().getBytes(StandardCharsets.UTF_8);
        if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
            AtomicFiles.write(file, content);
        }
    }

    /** The listing that {@link #write} left; empty, with a warning, if it is damaged. */
    static Optional<HubListing> read(Path file, String repository) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Map<String, Entry> files = new TreeMap<>();
            JsonObject root = Json.readObject(file);
            for (JsonObject one : objects(root, "files")) {
                String name = text(one, "name");
                if (name == null) {
                    throw new TailorException(file + " lists a file without a name");
                }
                String hash = text(one, "hash");
                boolean known = hash != null && KNOWN.matcher(hash).matches();
                files.put(name, new Entry(number(one, "size"), known ? hash : null));
            }
            return Optional.of(new HubListing(files, text(root, "license"), text(root, "card"), repository));
        } catch (TailorException e) {
            LOG.warn("Ignoring the cached listing {}: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** The objects of an array field; none if there is no such array. */
    static Iterable<JsonObject> objects(JsonObject object, String field) {
        JsonElement array = object.get(field);
        if (array == null || !array.isJsonArray()) {
            return List.of();
        }
        return array.getAsJsonArray().asList().stream()
                .filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    /** A text field, or null. */
    static @Nullable String text(JsonObject object, String field) {
        JsonElement value = object.get(field);
        return value != null
                        && value.isJsonPrimitive()
                        && value.getAsJsonPrimitive().isString()
                ? value.getAsString()
                : null;
    }

    /** A field that holds a whole number of 0 or more, as number or text; else -1. */
    static long number(JsonObject object, String field) {
        JsonElement value = object.get(field);
        String text = value != null && value.isJsonPrimitive() ? value.getAsString() : "";
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }
}
