package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.Digest;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.RelativeName;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which assets or files an id stands for, and the snapshot that they make; the same with and without the network. */
record GitHubSelection(ModelId id, GitHubId wanted, FetchRequest request, GitHubCache cache) {
    private static final Logger LOG = LoggerFactory.getLogger(GitHubSelection.class);

    /** The name of git for the tip of the default branch. */
    static final String DEFAULT_BRANCH = "HEAD";

    /** Whether the id names assets of that release and not files of its tag. */
    boolean isOfRelease(GitHubRelease release) {
        return wanted.path().isEmpty() || release.asset(wanted.path()).isPresent();
    }

    /** The named asset, or those of a model among all of them. */
    List<GitHubRelease.Asset> assets(GitHubRelease release, GitHubFetch.Reader<GitHubRelease.Asset> reader) {
        Collection<String> names = choose(
                wanted.path().isEmpty() ? release.names() : List.of(wanted.path()),
                !wanted.path().isEmpty(),
                index -> release.asset(index).flatMap(reader::read),
                "the assets of release " + release.tag());
        return names.stream()
                .map(name -> release.asset(name)
                        .orElseThrow(() -> new NotFoundException(
                                NotFoundException.Missing.FILE,
                                wanted.slug(),
                                id + ": a shard index names " + name + ", which release " + release.tag() + " lacks")))
                .toList();
    }

    /** The named file, or those of a model below the named folder; relative to the repository's root. */
    List<String> files(GitHubTree tree, GitHubFetch.Reader<String> reader) {
        GitHubTree.Entry one = tree.entries().get(wanted.path());
        if (one != null) {
            if (one.isLink()) {
                throw HubException.of(
                        wanted.slug(),
                        id + " is a symbolic link in the repository, which is not followed; name its target");
            }
            String file = wanted.path().substring(wanted.path().lastIndexOf('/') + 1);
            choose(List.of(file), true, index -> Optional.empty(), "the file " + wanted.path());
            return List.of(wanted.path());
        }
        long links = tree.entries().values().stream()
                .filter(GitHubTree.Entry::isLink)
                .count();
        if (links > 0) {
            LOG.info("{}: {} symbolic links of the repository are left out", id, links);
        }
        String prefix = wanted.path().isEmpty() ? "" : wanted.path() + "/";
        return choose(
                        tree.below(wanted.path()),
                        false,
                        index -> reader.read(prefix + index),
                        "the files of " + (prefix.isEmpty() ? "the repository" : "the folder " + wanted.path()))
                .stream()
                .map(name -> prefix + name)
                .toList();
    }

    Snapshot snapshot(String commit, GitHubTree tree) {
        Path root = cache.root(commit);
        String folder = wanted.path();
        if (tree.entries().containsKey(folder)) {
            folder = folder.contains("/") ? folder.substring(0, folder.lastIndexOf('/')) : "";
        }
        return snapshot(folder.isEmpty() ? root : root.resolve(folder), commit, tree.digests(folder));
    }

    /** One asset lies in a folder of its own; several are gathered in one by links. */
    Snapshot snapshot(GitHubRelease release, List<GitHubRelease.Asset> chosen) throws IOException {
        Map<String, Digest> digests = new TreeMap<>();
        for (GitHubRelease.Asset asset : chosen) {
            if (asset.digest().isKnown()) {
                digests.put(asset.name(), asset.digest());
            }
        }
        if (chosen.size() == 1) {
            GitHubRelease.Asset asset = chosen.get(0);
            String revision = Objects.requireNonNullElse(asset.sha256(), "asset-" + asset.id());
            return snapshot(cache.asset(asset).resolveSibling(""), revision, digests);
        }
        String ids = chosen.stream()
                .map(asset -> String.valueOf(asset.id()))
                .sorted()
                .collect(Collectors.joining(","));
        String key = release.id() + "-" + StoredFiles.sha256(ids).substring(0, 16);
        for (GitHubRelease.Asset asset : chosen) {
            Path place = cache.pick(key).resolve(asset.name());
            if (!Files.isRegularFile(place)) {
                StoredFiles.place(cache.asset(asset), place);
            }
        }
        return snapshot(cache.pick(key), "release-" + key, digests);
    }

    private Snapshot snapshot(Path root, String revision, Map<String, Digest> digests) {
        return new Snapshot(id.toString(), root, revision)
                .withDigests(digests)
                .withLicense(cache.license().filter(name -> !name.isEmpty()).orElse(null));
    }

    /** Nothing is at that path. */
    HubException nothing(String commit, Optional<GitHubRelease> release) {
        String assets = release.isEmpty()
                ? ""
                : ", and the release " + release.get().tag() + " has no such asset. Its assets: "
                        + GitHubFetch.shortened(release.get().names());
        String path = wanted.path().isEmpty() ? "no files" : "neither file nor folder " + wanted.path();
        return new NotFoundException(
                NotFoundException.Missing.FILE,
                wanted.slug(),
                id + ": there is " + path + " at commit " + commit + assets + ".");
    }

    private Collection<String> choose(
            Collection<String> names, boolean named, GitHubFetch.Reader<String> reader, String where) {
        var filter = request.files();
        Collection<String> chosen = filter != null
                ? names.stream().filter(filter).toList()
                : named ? names : ModelFiles.choose(names, reader::read);
        if (chosen.isEmpty()) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    wanted.slug(),
                    id + ": " + (filter == null ? "no file of a model that Tailor knows" : "no file that was asked for")
                            + " is among " + where + ": " + GitHubFetch.shortened(names)
                            + (filter == null ? ". Name one of them at the end of the id." : "."));
        }
        RelativeName.requireDistinct(chosen, "github://" + wanted.slug());
        return chosen;
    }
}
