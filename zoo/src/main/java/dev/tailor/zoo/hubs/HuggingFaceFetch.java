package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Download;
import dev.tailor.hub.Downloader;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.RelativeName;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One fetch over the network: commit, listing, files, and the ref last, so that it never points to less than a whole snapshot. */
record HuggingFaceFetch(
        HuggingFaceApi api, HuggingFaceCache cache, Downloader downloader, FetchRequest request, ModelId id) {
    private static final Logger LOG = LoggerFactory.getLogger(HuggingFaceFetch.class);

    Snapshot run(String revision) {
        HuggingFaceApi.Revision found = api.revision();
        String commit = found.commit();
        Optional<HuggingFaceListing> known = cache.listing(commit);
        HuggingFaceListing listing = known.orElseGet(() -> api.listing(found).withLicense(found.license()));
        String prefix = id.folder().isEmpty() ? "" : id.folder() + "/";
        List<String> names = CachedSnapshot.under(prefix, listing.names());
        if (names.isEmpty()) {
            throw new NotFoundException(NotFoundException.Missing.FILE, id.path(), id + ": " + nothing(listing));
        }
        try {
            Collection<String> wanted = wanted(commit, prefix, names, listing);
            RelativeName.requireDistinct(wanted, "hf://" + id.path());
            if (isThere(commit, prefix, wanted, listing)) {
                noteIfPossible(revision, commit, prefix, listing, known.isEmpty());
                return snapshot(id, cache, commit);
            }
            if (known.isEmpty()) {
                // First of all: it is what tells a part of the files from all of them.
                cache.writeListing(commit, listing);
            }
            for (String name : wanted) {
                bring(commit, prefix + name, listing);
            }
            note(revision, commit, prefix, listing, false);
        } catch (IOException | UncheckedIOException e) {
            throw HuggingFaceHub.cannotWrite(id, cache, e);
        }
        return snapshot(id, cache, commit);
    }

    private boolean isThere(String commit, String prefix, Collection<String> wanted, HuggingFaceListing listing) {
        return wanted.stream().allMatch(name -> {
            HuggingFaceListing.Entry entry = listing.get(prefix + name);
            return HuggingFaceCache.isWhole(cache.pointer(commit, prefix + name), entry == null ? -1 : entry.size());
        });
    }

    /** A cache that another program filled and that cannot be written is as good as any. */
    private void noteIfPossible(
            String revision, String commit, String prefix, HuggingFaceListing listing, boolean isNew) {
        try {
            note(revision, commit, prefix, listing, isNew);
        } catch (IOException e) {
            LOG.debug("{}: the cache {} cannot be written: {}", id, cache.folder(), e.toString());
        }
    }

    private void note(String revision, String commit, String prefix, HuggingFaceListing listing, boolean isNew)
            throws IOException {
        cache.writeTag();
        // Somebody may have deleted this revision, and its listing, since.
        if (isNew || !cache.hasListing(commit)) {
            cache.writeListing(commit, listing);
        }
        if (request.files() == null) {
            for (String name : ModelFiles.LOOKED_FOR) {
                if (listing.get(prefix + name) == null) {
                    cache.writeAbsent(commit, prefix + name);
                }
            }
        }
        cache.writeRef(revision, commit);
    }

    static Snapshot snapshot(ModelId id, HuggingFaceCache cache, String commit) {
        Path root = cache.snapshot(commit);
        String prefix = id.folder().isEmpty() ? "" : id.folder() + "/";
        Optional<HuggingFaceListing> listing = cache.listing(commit);
        Map<String, Digest> all =
                new TreeMap<>(listing.map(HuggingFaceListing::digests).orElse(Map.of()));
        for (String name : cache.localNames(commit)) {
            Digest linked = all.containsKey(name) ? Digest.none() : cache.linked(commit, name);
            if (linked.isKnown()) {
                all.put(name, linked);
            }
        }
        Map<String, Digest> digests = new TreeMap<>();
        all.forEach((name, digest) -> {
            if (name.startsWith(prefix)) {
                digests.put(name.substring(prefix.length()), digest);
            }
        });
        return new Snapshot(id.toString(), id.folder().isEmpty() ? root : root.resolve(id.folder()), commit)
                .withDigests(digests)
                .withLicense(listing.map(HuggingFaceListing::license).orElse(null));
    }

    private Collection<String> wanted(String commit, String prefix, List<String> names, HuggingFaceListing listing) {
        var filter = request.files();
        Collection<String> wanted = filter != null
                ? names.stream().filter(filter).toList()
                : ModelFiles.choose(names, index -> Optional.of(read(commit, prefix + index, listing)));
        List<String> absent = wanted.stream()
                .filter(name -> listing.get(prefix + name) == null)
                .toList();
        if (!absent.isEmpty()) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    id.path(),
                    id + ": the shard index names files that the repository does not have: "
                            + String.join(", ", absent));
        }
        if (wanted.isEmpty()) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    id.path(),
                    id + ": " + (filter == null ? "no file of a model Tailor knows" : "no file that was asked for")
                            + " is among the " + names.size() + " files of commit " + commit + ": "
                            + String.join(", ", names.subList(0, Math.min(20, names.size()))));
        }
        return wanted;
    }

    private Path read(String commit, String name, HuggingFaceListing listing) {
        try {
            return bring(commit, name, listing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path bring(String commit, String name, HuggingFaceListing listing) throws IOException {
        Path pointer = cache.pointer(commit, name);
        HuggingFaceListing.Entry entry = listing.get(name);
        long listed = entry == null ? -1 : entry.size();
        if (HuggingFaceCache.isWhole(pointer, listed)) {
            return pointer;
        }
        String digest = entry == null ? null : entry.etag();
        if (listed >= 0 && digest != null && Digest.ofEtag(digest).isKnown()) {
            Path blob = cache.blob(digest);
            if (HuggingFaceCache.isWhole(blob, listed)) {
                cache.publish(blob, pointer, false);
                return pointer;
            }
        }
        HuggingFaceApi.RemoteFile remote = api.file(commit, name);
        Digest expected = Digest.ofEtag(remote.etag());
        if (!expected.isKnown() && digest != null) {
            expected = Digest.ofEtag(digest);
        }
        if (!expected.isKnown()) {
            LOG.warn("{}: the hub tells no digest of {}; only its size can be checked", id, name);
        }
        Path blob = cache.blob(remote.etag());
        boolean fresh = downloader.download(
                new Download(
                        name,
                        remote.first(),
                        remote.again(),
                        remote.size() >= 0 ? remote.size() : listed,
                        expected,
                        blob,
                        cache.partial(remote.etag()),
                        cache.lock(remote.etag()),
                        response -> api.explain(response, name)),
                request.listener());
        cache.publish(blob, pointer, fresh);
        return pointer;
    }

    private String nothing(HuggingFaceListing listing) {
        if (id.folder().isEmpty()) {
            return "the repository is empty.";
        }
        if (listing.get(id.folder()) != null) {
            return id.folder() + " is a file; an id ends with the folder that holds the model.";
        }
        List<String> folders = listing.names().stream()
                .filter(name -> name.contains("/"))
                .map(name -> name.substring(0, name.lastIndexOf('/')))
                .distinct()
                .limit(20)
                .toList();
        return "the repository has no folder " + id.folder() + ". Its folders: "
                + (folders.isEmpty() ? "none" : String.join(", ", folders)) + ".";
    }
}
