package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.CacheRemoval;
import dev.tailor.hub.Digest;
import dev.tailor.hub.ModelCard;
import dev.tailor.hub.RelativeName;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One immutable version of a model in a cache: a folder of plain files, and beside it Tailor's own folder for what other programs must
 * not take for a file of the model — the listing, partials and locks.
 *
 * @param root the files
 * @param own Tailor's folder, on the same file system
 * @param repository names the model in messages
 */
record VersionFolder(Path root, Path own, String repository) {
    Path file(String name) {
        return RelativeName.resolve(root, name, repository);
    }

    /** Private to Tailor; its name tells the content apart, so that no other content is continued with it. */
    Path partial(String name, long size, Digest digest) {
        return own.resolve(HubText.sha1(name + "\n" + size + "\n" + digest) + ".incomplete");
    }

    Path lock(String name) {
        return own.resolve(HubText.sha1(name) + ".lock");
    }

    Path listingFile() {
        return own.resolve("files.json");
    }

    Optional<HubListing> listing() {
        return HubListing.read(listingFile(), repository);
    }

    /** The names of the files that are here. */
    List<String> localNames() {
        return Files.isDirectory(root) ? new Snapshot(repository, root, "").files() : List.of();
    }

    /** Takes the locks of all downloads of this version. */
    void lock(CacheRemoval removal) throws IOException {
        removal.lockAll(own);
        for (String name : localNames()) {
            removal.lock(lock(name));
        }
    }

    /** Deletes this version once its locks are held. The listing goes first: it tells which files make it whole. */
    void delete(CacheRemoval removal) throws IOException {
        removal.remove(listingFile());
        removal.retire(root, own);
        removal.removeRetired(own);
        for (Path left : CacheRemoval.children(own)) {
            if (!left.toString().endsWith(".lock")) {
                removal.remove(left);
            }
        }
    }

    /** What is here, with what the hub told of it. */
    Snapshot snapshot(ModelId id, String version) {
        Snapshot snapshot = new Snapshot(id.toString(), root, version);
        return listing()
                .map(listing -> {
                    String card = listing.card();
                    return snapshot.withDigests(listing.digests())
                            .withLicense(listing.license())
                            .withCard(card == null ? null : ModelCard.parse(card));
                })
                .orElse(snapshot);
    }
}
