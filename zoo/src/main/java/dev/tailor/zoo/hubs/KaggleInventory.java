package dev.tailor.zoo.hubs;

import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cache of kagglehub holds, and how a version leaves it.
 *
 * @param root the folder with {@code models} in it
 * @param given the same if it was given, or null
 */
record KaggleInventory(Path root, @Nullable Path given) {
    List<CachedModel> models() throws IOException {
        List<@Nullable CachedModel> models = new ArrayList<>();
        for (Path owner : CacheRemoval.children(root.resolve("models"))) {
            for (Path model : CacheRemoval.children(owner)) {
                for (Path framework : CacheRemoval.children(model)) {
                    for (Path variation : CacheRemoval.children(framework)) {
                        for (Path version : CacheRemoval.children(variation)) {
                            models.add(model(version));
                        }
                    }
                }
            }
        }
        return Holding.present(models);
    }

    private @Nullable CachedModel model(Path version) throws IOException {
        String number = version.getFileName().toString();
        if (!number.matches("[1-9][0-9]{0,8}") || !Files.isDirectory(version)) {
            return null;
        }
        String handle = root.resolve("models").relativize(version).toString().replace('\\', '/');
        return Holding.model("kaggle://" + handle, "kaggle", number, List.of(), given, version);
    }

    /** The markers first: Python takes them for the promise that the files are whole. */
    void delete(CachedModel model, CacheRemoval removal) throws IOException {
        String handle = model.id().substring("kaggle://".length());
        KaggleCache version = KaggleCache.of(root, KaggleHandle.parse(handle));
        version.folder().lock(removal);
        removal.remove(version.bundleMarker());
        removal.remove(version.fileMarkers());
        version.folder().delete(removal);
        removal.removeEmpty(version.fileMarkers().resolve("..").normalize());
    }
}
