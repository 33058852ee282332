package dev.tailor.zoo.hubs;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.RelativeName;
import dev.tailor.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One repository in Tailor's cache; nobody else has a layout to share. Files lie under what never changes: {@code trees/<commit>/path}
 * and {@code assets/<number>/name}. What changes is noted in {@code refs} and {@code releases}.
 */
final class GitHubCache {
    private static final Logger LOG = LoggerFactory.getLogger(GitHubCache.class);

    private final Path folder;
    private final String slug;

    GitHubCache(Path cache, URI web, GitHubId id) {
        this.slug = id.slug();
        // GitHub ignores the case of both names, and so do some file systems.
        String name = (id.owner() + "--" + id.repository()).toLowerCase(Locale.ROOT);
        this.folder = site(cache, web).resolve(name);
    }

    /** All repositories of one site. */
    static Path site(Path cache, URI web) {
        String site = web.getAuthority().replace(':', '_').toLowerCase(Locale.ROOT);
        return cache.resolve("github").resolve(site);
    }

    Path folder() {
        return folder;
    }

    /** Private to Tailor: parts and locks. */
    Path work() {
        return folder.resolve(".tailor");
    }

    Path root(String commit) {
        return folder.resolve("trees").resolve(commit);
    }

    Path file(String commit, String name) {
        return RelativeName.resolve(root(commit), name, slug);
    }

    Path asset(GitHubRelease.Asset asset) {
        return RelativeName.resolve(folder.resolve("assets").resolve(String.valueOf(asset.id())), asset.name(), slug);
    }

    /** A folder for exactly these assets of a release. */
    Path pick(String key) {
        return folder.resolve("picks").resolve(key);
    }

    Optional<String> commit(String ref) {
        if (GitHubId.isObject(ref)) {
            return Optional.of(ref);
        }
        return read(ref(ref), json -> HuggingFaceListing.text(json, "commit")).filter(GitHubId::isObject);
    }

    void writeCommit(String ref, String commit) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("commit", commit);
        write(ref(ref), json);
    }

    Optional<GitHubRelease> release(String tag) {
        return read(releaseFile(tag), json -> GitHubRelease.of(json, slug));
    }

    void writeRelease(String tag, GitHubRelease release) throws IOException {
        write(releaseFile(tag), release.toJson());
    }

    Optional<GitHubTree> tree(String commit, String path) {
        return read(
                listing(commit, path),
                json -> json.get("tree") instanceof JsonArray array ? GitHubTree.of(array, "", path, slug) : null);
    }

    void writeTree(String commit, String path, GitHubTree tree) throws IOException {
        JsonObject json = new JsonObject();
        json.add("tree", tree.toJson());
        write(listing(commit, path), json);
    }

    /** The repository's licence, an empty text if it has none; empty if nobody asked yet. */
    Optional<String> license() {
        return read(repositoryFile(), json -> HuggingFaceListing.text(json, "license"));
    }

    void writeLicense(String license) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("license", license);
        write(repositoryFile(), json);
    }

    /** What is known of the repository as a whole. */
    Path repositoryFile() {
        return folder.resolve("repository.json");
    }

    private Path ref(String ref) {
        return folder.resolve("refs").resolve(GitHubId.encode(ref) + ".json");
    }

    private Path releaseFile(String tag) {
        return folder.resolve("releases").resolve(GitHubId.encode(tag) + ".json");
    }

    private Path listing(String commit, String path) {
        String part = path.isEmpty() ? "" : "-" + StoredFiles.sha256(path).substring(0, 16);
        return folder.resolve("listings").resolve(commit + part + ".json");
    }

    private static <T> Optional<T> read(Path file, Function<JsonObject, T> reader) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(reader.apply(Json.readObject(file)));
        } catch (TailorException e) {
            LOG.warn("Ignoring {}: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static void write(Path file, JsonObject json) throws IOException {
        byte[] content = new Gson().toJson(json).getBytes(StandardCharsets.UTF_8);
        // A cache that holds it all may be read-only.
        if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
            AtomicFiles.write(file, content);
        }
    }
}
