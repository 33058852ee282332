package dev.tailor.zoo.hubs;

import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.CachedModel;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What Tailor's cache holds of GitHub's repositories: files of commits, and assets of releases.
 *
 * @param cache Tailor's cache, or the folder that was given
 * @param web the site whose ids are {@code github://}
 * @param given the folder that was given, or null
 */
record GitHubInventory(Path cache, URI web, @Nullable Path given) {
    private static final String HUB = "github";

    List<CachedModel> models() throws IOException {
        List<@Nullable CachedModel> models = new ArrayList<>();
        for (Path folder : CacheRemoval.children(GitHubCache.site(cache, web))) {
            String name = folder.getFileName().toString();
            int end = name.indexOf("--");
            if (end > 0 && end + 2 < name.length()) {
                GitHubId id = new GitHubId(name.substring(0, end), name.substring(end + 2), null, "");
                GitHubCache repository = new GitHubCache(cache, web, id);
                for (Path tree : CacheRemoval.children(folder.resolve("trees"))) {
                    models.add(tree(id, repository, tree));
                }
                for (String tag : tags(repository)) {
                    models.add(release(id, repository, tag));
                }
            }
        }
        return Holding.present(models);
    }

    private @Nullable CachedModel tree(GitHubId id, GitHubCache repository, Path root) throws IOException {
        String commit = root.getFileName().toString();
        if (!GitHubId.isObject(commit)) {
            return null;
        }
        List<String> refs = new ArrayList<>();
        for (String ref : names(repository.folder().resolve("refs"))) {
            if (repository.commit(ref).equals(Optional.of(commit))) {
                refs.add(ref);
            }
        }
        String name = HUB + "://" + id.slug() + "@" + commit + listed(repository, commit, root);
        return Holding.model(name, HUB, commit, refs, given, root);
    }

    /** The path that was asked for: the first file's, or that of a folder around it. */
    private static String listed(GitHubCache repository, String commit, Path root) throws IOException {
        if (repository.tree(commit, "").isPresent()) {
            return "";
        }
        List<Path> files = Holding.below(root);
        Path path = files.isEmpty() ? null : root.relativize(files.get(0));
        while (path != null) {
            String text = path.toString().replace('\\', '/');
            if (repository.tree(commit, text).isPresent()) {
                return Arrays.stream(text.split("/", -1))
                        .map(GitHubId::encode)
                        .collect(Collectors.joining("/", "/", ""));
            }
            path = path.getParent();
        }
        return "";
    }

    private @Nullable CachedModel release(GitHubId id, GitHubCache repository, String tag) throws IOException {
        Optional<GitHubRelease> release = repository.release(tag);
        if (release.isEmpty()) {
            return null;
        }
        List<Path> assets =
                release.get().assets().stream().map(repository::asset).toList();
        Holding held = Holding.of(assets);
        String name = HUB + "://" + id.slug() + "@" + GitHubId.encode(tag);
        if (held.files() == 1) {
            Path asset =
                    assets.stream().filter(Files::isRegularFile).findFirst().orElseThrow();
            name += "/" + GitHubId.encode(asset.getFileName().toString());
        }
        return held.files() == 0
                ? null
                : held.model(
                        name,
                        HUB,
                        "release-" + release.get().id(),
                        List.of(tag),
                        given,
                        repository.folder().resolve("assets"),
                        held.bytes());
    }

    /** What is noted of a commit or a release goes first: without it nothing is taken for whole. */
    void delete(CachedModel model, CacheRemoval removal) throws IOException {
        GitHubId id = GitHubId.parse(model.id().substring((HUB + "://").length()));
        GitHubCache repository = new GitHubCache(cache, web, id);
        Path folder = repository.folder();
        removal.lockAll(repository.work());
        if (GitHubId.isObject(model.revision())) {
            for (String ref : model.names()) {
                removal.remove(folder.resolve("refs").resolve(GitHubId.encode(ref) + ".json"));
            }
            for (Path listing : CacheRemoval.children(folder.resolve("listings"))) {
                if (listing.getFileName().toString().startsWith(model.revision())) {
                    removal.remove(listing);
                }
            }
            removal.retire(model.root(), repository.work());
        } else {
            deleteRelease(model.revision(), repository, removal);
        }
        removal.removeRetired(repository.work());
        for (String part : List.of("refs", "listings", "trees", "releases", "assets", "picks")) {
            removal.removeEmpty(folder.resolve(part));
        }
        Set<Path> own = Set.of(repository.repositoryFile(), repository.work());
        if (own.containsAll(CacheRemoval.children(folder))) {
            removal.remove(repository.repositoryFile());
        }
    }

    private static void deleteRelease(String revision, GitHubCache repository, CacheRemoval removal)
            throws IOException {
        Set<Path> assets = new HashSet<>();
        for (String tag : tags(repository)) {
            Optional<GitHubRelease> release = repository.release(tag);
            if (release.isPresent()
                    && revision.equals("release-" + release.get().id())) {
                release.get()
                        .assets()
                        .forEach(asset -> assets.add(repository.asset(asset).getParent()));
                removal.remove(repository.folder().resolve("releases").resolve(GitHubId.encode(tag) + ".json"));
            }
        }
        for (Path pick : CacheRemoval.children(repository.folder().resolve("picks"))) {
            if (pick.getFileName().toString().startsWith(revision.substring("release-".length()) + "-")) {
                removal.retire(pick, repository.work());
            }
        }
        for (Path asset : assets) {
            if (Files.isDirectory(asset)) {
                removal.retire(asset, repository.work());
            }
        }
    }

    private static List<String> tags(GitHubCache repository) throws IOException {
        return names(repository.folder().resolve("releases"));
    }

    private static List<String> names(Path folder) throws IOException {
        return CacheRemoval.children(folder).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".json"))
                .map(name ->
                        URLDecoder.decode(name.substring(0, name.length() - ".json".length()), StandardCharsets.UTF_8))
                .toList();
    }
}
