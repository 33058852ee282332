package dev.tailor.zoo.hubs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the cache holds of a commit, found without the network.
 *
 * @param commit the 40-hex commit
 * @param listed whether the commit's listing is known, so that absence can be told from not yet downloaded
 * @param isEmpty whether no file at all is there
 * @param missing the wanted files that are not there
 * @param lacksEssential whether one of them is a file that no model works without, or was asked for by name
 */
record CachedSnapshot(String commit, boolean listed, boolean isEmpty, List<String> missing, boolean lacksEssential) {
    static CachedSnapshot inspect(
            HuggingFaceCache cache, String commit, String folder, @Nullable Predicate<String> files) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        Optional<HuggingFaceListing> listing = cache.listing(commit);
        List<String> local = cache.localNames(commit).stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
        Collection<String> names =
                under(prefix, listing.isPresent() ? listing.get().names() : local);
        Collection<String> wanted = files != null
                ? names.stream().filter(files).toList()
                : ModelFiles.choose(names, index -> readable(cache.pointer(commit, prefix + index)));
        List<String> missing = new ArrayList<>();
        for (String name : wanted) {
            HuggingFaceListing.Entry entry =
                    listing.map(known -> known.get(prefix + name)).orElse(null);
            if (!HuggingFaceCache.isWhole(cache.pointer(commit, prefix + name), entry == null ? -1 : entry.size())) {
                missing.add(name);
            }
        }
        boolean essential =
                files != null ? !missing.isEmpty() : missing.stream().anyMatch(ModelFiles::isEssential);
        return new CachedSnapshot(commit, listing.isPresent(), local.isEmpty(), missing, essential);
    }

    /** Whether the hub has nothing more to give. */
    boolean isComplete() {
        return listed && !isEmpty && missing.isEmpty();
    }

    /** Whether a model can be loaded from it. */
    boolean isUsable() {
        return !isEmpty && !lacksEssential;
    }

    /** The names in a folder, relative to it. */
    static List<String> under(String prefix, Collection<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    private static Optional<Path> readable(Path file) {
        return HuggingFaceCache.isWhole(file, -1) ? Optional.of(file) : Optional.empty();
    }
}
