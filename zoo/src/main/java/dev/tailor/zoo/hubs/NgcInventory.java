package dev.tailor.zoo.hubs;

import dev.tailor.hub.CachedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the cache of NGC holds, {@code org[/team]/kind/name/version}.
 *
 * @param root the folder with the organisations in it
 * @param given the folder that was given, or null
 */
record NgcInventory(Path root, @Nullable Path given) {
    private static final Set<String> KINDS = Set.of("models", "resources");
    private static final int DEEPEST = 5;

    List<CachedModel> models() throws IOException {
        List<Path> folders = List.of();
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root, DEEPEST)) {
                folders = walk.filter(Files::isDirectory).sorted().toList();
            }
        }
        List<@Nullable CachedModel> models = new ArrayList<>();
        for (Path folder : folders) {
            NgcId id = id(folder);
            // Tailor notes a listing beside each version that it brings; what has none is a folder within a version.
            if (id != null && Files.isRegularFile(NgcHub.folder(root, id).listingFile())) {
                String kind = id.kind().equals("models") ? "" : id.kind() + "/";
                models.add(Holding.model("ngc://" + kind + id, "ngc", id.version(), List.of(), given, folder));
            }
        }
        return Holding.present(models);
    }

    private @Nullable NgcId id(Path folder) {
        List<String> parts = new ArrayList<>();
        root.relativize(folder).forEach(part -> parts.add(part.toString()));
        int kind = parts.size() - 3;
        if (kind < 1 || kind > 2 || !KINDS.contains(parts.get(kind))) {
            return null;
        }
        String team = kind == 2 ? parts.get(1) : "";
        return new NgcId(parts.get(0), team, parts.get(kind), parts.get(kind + 1), parts.get(kind + 2), "");
    }
}
