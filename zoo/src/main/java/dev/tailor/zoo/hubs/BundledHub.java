package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Models shipped inside a JAR, {@code bundled:name}: unpacked once into a private cache folder whose name tells their content, since
 * weights are mapped and a resource cannot be. Opens no socket. Safe for many threads and processes.
 *
 * <p>A bundle is a folder {@code dev/tailor/bundled/<name>/} on the class path whose text resource {@code FILES} lists its files, one
 * relative name a line; the resources {@code dev/tailor/bundled/INDEX} list the names of all bundles.
 */
public final class BundledHub implements CachingHub {
    private static final Pattern FOLDER = Pattern.compile("(.+)-([0-9a-f]{16})");

    private final Environment environment;

    /** The connector with this process's environment. */
    public BundledHub() {
        this(Environment.system());
    }

    /** The connector with other variables. */
    public BundledHub(Environment environment) {
        this.environment = environment;
    }

    @Override
    public String scheme() {
        return "bundled";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        try {
            List<String> known = Bundle.known();
            if (!known.contains(id.path())) {
                throw new NotFoundException(
                        NotFoundException.Missing.REPOSITORY,
                        id.path(),
                        (id.path().isEmpty()
                                        ? "\"bundled:\" names no model"
                                        : "There is no bundled model \"" + id.path() + "\"")
                                + ". On the class path are: "
                                + (known.isEmpty() ? "none" : String.join(", ", known)) + ".");
            }
            Bundle bundle = Bundle.of(id.path());
            Path folder = folder(request.cache())
                    .resolve(bundle.name() + "-" + bundle.hash().substring(0, 16));
            if (!isWhole(folder, bundle)) {
                unpack(folder, bundle);
            }
            return new Snapshot(id.toString(), folder, "");
        } catch (IOException | UncheckedIOException e) {
            throw new TailorException(
                    id + ": cannot unpack it: " + e
                            + ". Check the free space and the permissions of the cache, or choose another (TAILOR_HOME).",
                    e);
        }
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        Path root = folder(cache);
        return Holding.reading(root, () -> {
            List<@Nullable CachedModel> models = new ArrayList<>();
            for (Path folder : CacheRemoval.children(root)) {
                Matcher name = FOLDER.matcher(folder.getFileName().toString());
                if (name.matches() && Files.isDirectory(folder)) {
                    String id = scheme() + ":" + name.group(1);
                    models.add(Holding.model(id, scheme(), name.group(2), List.of(), cache, folder));
                }
            }
            return Holding.present(models);
        });
    }

    @Override
    public void delete(CachedModel model) {
        Path root = folder(model.cache());
        CachedModel found = Holding.require(model, cached(model.cache()));
        Holding.removing(root, found, removal -> {
            removal.retire(found.root(), root);
            removal.removeRetired(root);
        });
    }

    private Path folder(@Nullable Path given) {
        return (given != null ? given : environment.tailorHome())
                .toAbsolutePath()
                .normalize()
                .resolve("bundled");
    }

    private static boolean isWhole(Path folder, Bundle bundle) {
        return bundle.sizes().entrySet().stream()
                .allMatch(file -> HuggingFaceCache.isWhole(folder.resolve(file.getKey()), file.getValue()));
    }

    private static void unpack(Path folder, Bundle bundle) throws IOException {
        Path temporary = AtomicFiles.unique(folder, "tmp");
        try {
            for (Map.Entry<String, Long> file : bundle.sizes().entrySet()) {
                Path target = temporary.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                try (var in = bundle.open(file.getKey())) {
                    Files.copy(in, target);
                }
            }
            if (Files.exists(folder) && !isWhole(folder, bundle)) {
                Path damaged = AtomicFiles.unique(folder, "old");
                AtomicFiles.move(folder, damaged);
                deleteAll(damaged);
            }
            try {
                Files.move(temporary, folder);
            } catch (FileSystemException e) {
                // Someone else was quicker; a folder is never replaced under a reader.
                if (!isWhole(folder, bundle)) {
                    throw e;
                }
            }
        } finally {
            deleteAll(temporary);
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
