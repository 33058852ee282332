package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a cache of huggingface_hub holds, with links or without, and how a revision leaves it. A blob goes with the last snapshot
 * that uses it. The store that blobs may be links into is never touched.
 *
 * @param root the folder with {@code models--org--name} in it
 * @param given the same if it was given, or null
 */
record HuggingFaceInventory(Path root, @Nullable Path given) {
    private static final String PREFIX = "models--";

    List<CachedModel> models() throws IOException {
        List<CachedModel> models = new ArrayList<>();
        for (Path folder : CacheRemoval.children(root)) {
            String name = folder.getFileName().toString();
            String[] parts =
                    name.startsWith(PREFIX) ? name.substring(PREFIX.length()).split("--", -1) : new String[0];
            if (parts.length == 1 || parts.length == 2) {
                add(folder, String.join("/", parts), models);
            }
        }
        return models;
    }

    private void add(Path folder, String repository, List<CachedModel> models) throws IOException {
        List<Path> snapshots = snapshots(folder);
        Map<Path, Integer> uses = new HashMap<>();
        Map<Path, Set<Path>> filesOf = new HashMap<>();
        for (Path snapshot : snapshots) {
            Set<Path> files = files(folder, snapshot);
            filesOf.put(snapshot, files);
            files.forEach(file -> uses.merge(file, 1, Integer::sum));
        }
        Map<String, List<String>> names = names(folder);
        for (Path snapshot : snapshots) {
            Set<Path> files = filesOf.getOrDefault(snapshot, Set.of());
            Holding held = Holding.of(files);
            Holding alone = Holding.of(files.stream()
                    .filter(file -> uses.getOrDefault(file, 0) == 1)
                    .toList());
            String commit = snapshot.getFileName().toString();
            if (held.files() > 0) {
                models.add(held.model(
                        new ModelId(ModelId.HUGGING_FACE, repository, commit, "").toString(),
                        ModelId.HUGGING_FACE,
                        commit,
                        names.getOrDefault(commit, List.of()),
                        given,
                        snapshot,
                        alone.bytes()));
            }
        }
    }

    /** Takes out what vouches for the snapshot, then the snapshot at once, then the blobs that nobody else uses. */
    void delete(CachedModel model, CacheRemoval removal) throws IOException {
        Path snapshot = model.root();
        Path folder = snapshot.resolve("../..").normalize();
        String commit = model.revision();
        Path locks = root.resolve(".locks").resolve(folder.getFileName());
        Path trash = folder.resolve(".tailor");
        removal.lockAll(locks);
        for (String name : model.names()) {
            removal.remove(folder.resolve("refs").resolve(name));
        }
        removal.remove(folder.resolve("trees").resolve(commit + ".json"));
        removal.remove(folder.resolve(".no_exist").resolve(commit));
        removal.retire(snapshot, trash);
        // As deep in the repository as before, so that relative links still lead to the blobs.
        Set<Path> blobs = new HashSet<>();
        for (Path retired : removal.retired(trash)) {
            blobs.addAll(files(folder, retired));
        }
        List<Path> others = snapshots(folder);
        if (others.isEmpty()) {
            for (Path blob : CacheRemoval.children(folder.resolve("blobs"))) {
                if (!isOfPython(blob)) {
                    blobs.add(blob);
                }
            }
        }
        for (Path other : others) {
            blobs.removeAll(files(folder, other));
        }
        for (Path blob : blobs) {
            boolean isBlob = blob.startsWith(folder.resolve("blobs"));
            if (isBlob && removal.tryLock(locks.resolve(etag(blob) + ".lock"))) {
                removal.remove(blob);
            }
        }
        removal.removeRetired(trash);
        if (!Files.exists(snapshot)) {
            // Else somebody fetches it anew, and needs the listing to tell what is missing.
            removal.remove(trash.resolve("trees").resolve(commit + ".json"));
        }
        if (others.isEmpty()) {
            for (String notes : List.of("trees", ".no_exist", ".tailor/trees")) {
                removal.remove(folder.resolve(notes));
            }
            removal.removeEmpty(folder);
        }
    }

    /** A partial of a Python that may be running; its lock cannot be seen from Java. */
    private static boolean isOfPython(Path blob) {
        String name = blob.getFileName().toString();
        return name.endsWith(".incomplete") && !name.contains(".tailor.");
    }

    private static String etag(Path blob) {
        return blob.getFileName().toString().replaceFirst("\\.tailor\\..*", "");
    }

    private static List<Path> snapshots(Path folder) throws IOException {
        return CacheRemoval.children(folder.resolve("snapshots")).stream()
                .filter(snapshot ->
                        HuggingFaceApi.isCommit(snapshot.getFileName().toString()))
                .filter(Files::isDirectory)
                .toList();
    }

    /** The blobs that a snapshot links to, and its plain files; links that lead elsewhere are left out. */
    private static Set<Path> files(Path folder, Path snapshot) throws IOException {
        Path blobs = folder.resolve("blobs");
        Set<Path> files = new HashSet<>();
        for (Path pointer : Holding.below(snapshot)) {
            if (!Files.isSymbolicLink(pointer)) {
                files.add(pointer);
                continue;
            }
            try {
                Path target =
                        pointer.resolveSibling(Files.readSymbolicLink(pointer)).normalize();
                if (blobs.equals(target.getParent())) {
                    files.add(target);
                }
            } catch (InvalidPathException e) {
                // A name that this machine cannot hold leads to no blob.
            }
        }
        return files;
    }

    /** Branches and tags by the commit that they stand for. */
    private static Map<String, List<String>> names(Path folder) throws IOException {
        Path refs = folder.resolve("refs");
        Map<String, List<String>> names = new HashMap<>();
        for (Path ref : Holding.below(refs)) {
            if (Files.isRegularFile(ref) && Files.size(ref) < 200) {
                String commit =
                        Files.readString(ref, StandardCharsets.ISO_8859_1).strip();
                String name = refs.relativize(ref)
                        .toString()
                        .replace(refs.getFileSystem().getSeparator(), "/");
                names.computeIfAbsent(commit, any -> new ArrayList<>()).add(name);
            }
        }
        names.values().forEach(list -> list.sort(null));
        return names;
    }
}
