package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Digest;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.Snapshot;
import dev.tailor.hub.VerificationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One fetch over the network: the release or the commit, the listing, the files, and what changes is noted last. */
record GitHubFetch(
        ModelId id,
        GitHubId wanted,
        FetchRequest request,
        GitHubCache cache,
        HubClient client,
        GitHubApi api,
        GitLfs lfs) {
    private static final Logger LOG = LoggerFactory.getLogger(GitHubFetch.class);

    Snapshot run() {
        try {
            Optional<GitHubRelease> release =
                    wanted.ref() == null || wanted.isPinned() ? Optional.empty() : api.release(wanted.ref());
            GitHubSelection selection = new GitHubSelection(id, wanted, request, cache);
            if (release.isPresent() && selection.isOfRelease(release.get())) {
                return assets(selection, release.get());
            }
            return files(selection, release);
        } catch (IOException e) {
            throw StoredFiles.cannotWrite(id.toString(), cache.folder(), e);
        }
    }

    private Snapshot assets(GitHubSelection selection, GitHubRelease release) throws IOException {
        List<GitHubRelease.Asset> chosen = selection.assets(release, asset -> Optional.of(bring(release, asset)));
        for (GitHubRelease.Asset asset : chosen) {
            bring(release, asset);
        }
        noteLicense();
        Snapshot snapshot = selection.snapshot(release, chosen);
        cache.writeRelease(Objects.requireNonNull(wanted.ref()), release);
        return snapshot;
    }

    private Path bring(GitHubRelease release, GitHubRelease.Asset asset) {
        Path target = cache.asset(asset);
        if (!HuggingFaceCache.isWhole(target, asset.size())) {
            if (asset.sha256() == null) {
                LOG.warn("{}: GitHub has no digest of {}; only its size can be checked", id, asset.name());
            }
            StoredFiles.download(
                    client,
                    api.asset(release, asset),
                    asset.size(),
                    asset.digest(),
                    target,
                    cache.work(),
                    "asset-" + asset.id(),
                    request.listener(),
                    response -> api.explain(response, "the asset " + asset.name()));
        }
        return target;
    }

    private Snapshot files(GitHubSelection selection, Optional<GitHubRelease> release) throws IOException {
        String ref = Objects.requireNonNullElse(wanted.ref(), GitHubSelection.DEFAULT_BRANCH);
        String commit = wanted.isPinned() ? ref : api.commit(ref);
        Optional<GitHubTree> known = cache.tree(commit, wanted.path());
        GitHubTree tree = known.isPresent() ? known.get() : api.tree(commit, wanted.path());
        if (tree.entries().isEmpty()) {
            throw selection.nothing(commit, release);
        }
        Map<String, String> large = new TreeMap<>();
        for (String name : selection.files(tree, index -> Optional.of(bring(commit, index, tree, large)))) {
            bring(commit, name, tree, large);
        }
        GitHubTree told = tree.withLarge(large);
        noteLicense();
        if (known.isEmpty() || !large.isEmpty()) {
            cache.writeTree(commit, wanted.path(), told);
        }
        if (!wanted.isPinned()) {
            cache.writeCommit(ref, commit);
        }
        return selection.snapshot(commit, told);
    }

    /** Once for a repository: it costs one of the few requests without a token, and is not worth failing for. */
    private void noteLicense() {
        if (cache.license().isPresent()) {
            return;
        }
        try {
            cache.writeLicense(api.license());
        } catch (HubException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.debug("{}: no licence: {}", id, e.getMessage());
        } catch (IOException e) {
            LOG.debug("{}: the cache cannot be written: {}", id, e.toString());
        }
    }

    private Path bring(String commit, String name, GitHubTree tree, Map<String, String> large) {
        Path target = cache.file(commit, name);
        GitHubTree.Entry entry = tree.entries().get(name);
        if (entry == null) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    wanted.slug(),
                    id + ": a shard index names " + name + ", which commit " + commit + " lacks");
        }
        if (Files.isRegularFile(target)) {
            return target;
        }
        HubRequest blob = api.blob(commit, name, entry);
        if (entry.size() < 0 || entry.size() >= GitLfs.MOST_BYTES) {
            download(blob, name, entry.size(), Digest.gitBlob(entry.sha()), target, entry.sha());
            return target;
        }
        byte[] content = api.read(blob, "the file " + name);
        check(name, entry, content);
        Optional<GitLfs.Pointer> pointer = GitLfs.pointer(content);
        if (pointer.isPresent()) {
            follow(pointer.get(), name, target);
            large.put(name, pointer.get().oid());
            return target;
        }
        try {
            request.listener().started(name, content.length);
            AtomicFiles.write(target, content);
            request.listener().finished(name, content.length);
            return target;
        } catch (IOException e) {
            throw StoredFiles.cannotWrite(id.toString(), cache.folder(), e);
        }
    }

    /** An address of Git LFS may expire on the way; a second one goes on with what is there. */
    private void follow(GitLfs.Pointer pointer, String name, Path target) {
        Digest digest = Digest.sha256(pointer.oid());
        try {
            download(lfs.locate(pointer, name), name, pointer.size(), digest, target, pointer.oid());
        } catch (HubException e) {
            boolean expired = e.status() == 401 || e.status() == 403 || e.status() == 404 || e.status() == 410;
            if (!expired || !HuggingFaceCache.isWhole(cache.work().resolve(pointer.oid() + ".incomplete"), -1)) {
                throw e;
            }
            LOG.debug("{}: asking for another address of {}", id, name, e);
            download(lfs.locate(pointer, name), name, pointer.size(), digest, target, pointer.oid());
        }
    }

    private void download(HubRequest from, String name, long size, Digest digest, Path target, String key) {
        StoredFiles.download(
                client,
                from,
                size,
                digest,
                target,
                cache.work(),
                key,
                request.listener(),
                response -> api.explain(response, "the file " + name));
    }

    private void check(String name, GitHubTree.Entry entry, byte[] content) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-1", e);
        }
        digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        String found = HexFormat.of().formatHex(digest.digest(content));
        if (!found.equals(entry.sha())) {
            throw new VerificationException(
                    id + ": the bytes of " + name + " are not those that GitHub announces: expected git blob "
                            + entry.sha() + ", found " + found
                            + ". Nothing was kept; try again, and check proxies between here and GitHub.",
                    wanted.slug(),
                    null);
        }
    }

    /** What {@link GitHubSelection} may read while it chooses. */
    @FunctionalInterface
    interface Reader<T> {
        /** The file, or empty if it is not here and cannot be fetched. */
        Optional<Path> read(T what);
    }

    static String shortened(Collection<String> names) {
        List<String> shown = names.stream().limit(20).toList();
        return (shown.isEmpty() ? "none" : String.join(", ", shown))
                + (names.size() > shown.size() ? " and " + (names.size() - shown.size()) + " more" : "");
    }
}
