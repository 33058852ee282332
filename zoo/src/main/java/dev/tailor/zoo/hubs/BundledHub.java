package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubProvider;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Models shipped inside a JAR, {@code bundled:name}: unpacked once into a private cache folder whose name tells their content, since
 * weights are mapped and a resource cannot be. Opens no socket. Safe for many threads and processes.
 *
 * <p>A bundle is a folder {@code dev/tailor/bundled/<name>/} on the class path whose text resource {@code FILES} lists its files, one
 * relative name a line; the resources {@code dev/tailor/bundled/INDEX} list the names of all bundles.
 */
public final class BundledHub implements HubProvider {
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
                throw HubException.of(
                        id.path(),
                        (id.path().isEmpty()
                                        ? "\"bundled:\" names no model"
                                        : "There is no bundled model \"" + id.path() + "\"")
                                + ". On the class path are: "
                                + (known.isEmpty() ? "none" : String.join(", ", known)) + ".");
            }
            Bundle bundle = Bundle.of(id.path());
            Path cache = request.cache() != null ? request.cache() : environment.tailorHome();
            Path folder = cache.toAbsolutePath()
                    .normalize()
                    .resolve("bundled")
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
