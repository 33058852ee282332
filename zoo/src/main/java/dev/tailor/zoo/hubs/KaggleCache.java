package dev.tailor.zoo.hubs;

import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.RelativeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One version in the cache of kagglehub, which Python and Java share. Python writes straight to the final name, so that a file is whole
 * only if a marker says so: its own, or that of the whole bundle. Python takes neither for the other, so both are written.
 */
record KaggleCache(VersionFolder folder, Path bundleMarker, Path fileMarkers) {
    static KaggleCache of(Path cache, KaggleHandle handle) {
        Path instance = cache.resolve("models").resolve(handle.instance());
        String version = String.valueOf(handle.version());
        return new KaggleCache(
                new VersionFolder(
                        instance.resolve(version), instance.resolve(".tailor").resolve(version), handle.toString()),
                instance.resolve(version + ".complete"),
                instance.resolve(".complete").resolve(version));
    }

    /** The versions of which something is here, the newest first. */
    static List<Integer> versions(Path cache, KaggleHandle handle) throws IOException {
        Path instance = cache.resolve("models").resolve(handle.instance());
        if (!Files.isDirectory(instance)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(instance)) {
            return children.filter(Files::isDirectory)
                    .map(child -> child.getFileName().toString())
                    .filter(name -> name.matches("[1-9][0-9]{0,8}"))
                    .map(Integer::valueOf)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    boolean isBundleWhole() {
        return Files.isRegularFile(bundleMarker) && Files.isDirectory(folder.root());
    }

    boolean isWhole(String name) {
        return Files.isRegularFile(folder.file(name))
                && (Files.isRegularFile(bundleMarker) || Files.isRegularFile(marker(name)));
    }

    Optional<Path> whole(String name) {
        return isWhole(name) ? Optional.of(folder.file(name)) : Optional.empty();
    }

    /** The names of the version as far as the cache knows: the bundle, else the listing, else the files with a marker. */
    Collection<String> names() {
        if (isBundleWhole()) {
            return folder.localNames();
        }
        return folder.listing()
                .<Collection<String>>map(HubListing::names)
                .orElseGet(
                        () -> folder.localNames().stream().filter(this::isWhole).toList());
    }

    /** Whether {@link #names} are all that the hub has. */
    boolean isListed() {
        return isBundleWhole() || folder.listing().isPresent();
    }

    void mark(String name) throws IOException {
        touch(marker(name));
    }

    void markBundle() throws IOException {
        touch(bundleMarker);
    }

    private Path marker(String name) {
        return RelativeName.resolve(fileMarkers, name + ".complete", folder.repository());
    }

    private static void touch(Path marker) throws IOException {
        if (!Files.isRegularFile(marker)) {
            AtomicFiles.write(marker, new byte[0]);
        }
    }
}
