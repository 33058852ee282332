package dev.tailor.examples;

import dev.tailor.ModelId;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Digest;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.FoundModel;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.SearchQuery;
import dev.tailor.hub.SearchableHub;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A hub with one model, {@code toy://tiny}, that needs no network; its cache must be given. */
public final class TestHub implements SearchableHub, CachingHub {
    private static final Map<String, String> FILES =
            new TreeMap<>(Map.of("config.json", "{}", "onnx/model.onnx", "graph", "weights.bin", "w".repeat(1500)));

    @Override
    public String scheme() {
        return "toy";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        if (!id.path().equals("tiny") && !id.path().equals("tiny@1")) {
            throw new NotFoundException(
                    NotFoundException.Missing.REPOSITORY, id.path(), id + " does not exist; there is only toy://tiny");
        }
        Predicate<String> wanted = Objects.requireNonNullElse(request.files(), name -> true);
        List<String> names = FILES.keySet().stream().filter(wanted).toList();
        if (names.isEmpty()) {
            throw new NotFoundException(NotFoundException.Missing.FILE, id.path(), id + " has no such file");
        }
        Path root = root(request.cache());
        Map<String, Digest> digests = new TreeMap<>();
        digests.put("config.json", Digest.gitBlob("9e26dfeeb6e641a33dae4961196235bdb965b21b"));
        digests.put(
                "onnx/model.onnx", Digest.sha256("2c4f3e7ed52e23ee33caf2ec3e3a9b4ee1fd5d0f9ed9cb9e6a2a2ab3a0ce3dd1"));
        for (String name : names) {
            if (!Files.isRegularFile(root.resolve(name))) {
                if (request.offline()) {
                    throw new OfflineException(id.path(), id + ": offline, and " + root + " lacks " + name);
                }
                bring(root, name, request);
            }
        }
        return new Snapshot(id.toString(), root, "1").withDigests(digests).withLicense("mit");
    }

    private static void bring(Path root, String name, FetchRequest request) {
        byte[] content = Objects.requireNonNull(FILES.get(name)).getBytes(StandardCharsets.UTF_8);
        try {
            request.listener().started(name, content.length);
            AtomicFiles.write(root.resolve(name), content);
            request.listener().progress(name, content.length, content.length);
            request.listener().finished(name, content.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Iterator<List<FoundModel>> search(SearchQuery query) {
        return List.of(List.of(found("tiny", query)), List.of(found("other", query)))
                .iterator();
    }

    private static FoundModel found(String name, SearchQuery query) {
        String title = query.text() + " by " + query.library();
        return new FoundModel(
                ModelId.parse("toy://" + name), title, query.task(), null, "mit", 12345, 0, null, true, List.of());
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        if (cache == null || !Files.isDirectory(root(cache))) {
            return List.of();
        }
        int files = new Snapshot("toy://tiny", root(cache), "1").files().size();
        Instant used = Instant.parse("2026-01-02T12:00:00Z");
        return List.of(new CachedModel(
                "toy://tiny@1", scheme(), "1", List.of("main"), cache, root(cache), files, 1507, 1507, used));
    }

    @Override
    public void delete(CachedModel model) {
        try (CacheRemoval removal = CacheRemoval.begin(Objects.requireNonNull(model.cache()), model.id())) {
            Path trash = model.root().resolveSibling(".trash");
            removal.retire(model.root(), trash);
            removal.removeRetired(trash);
            removal.removeEmpty(model.root().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root(@Nullable Path cache) {
        return Objects.requireNonNull(cache).resolve("toy").resolve("tiny");
    }
}
