package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.Archives;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Concurrently;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Download;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.Downloader;
import dev.tailor.hub.Failures;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.Probe;
import dev.tailor.hub.RelativeName;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch of one version over the network: the files one by one, or the archive of all of them where there are many.
 *
 * @param mayBeAbsent files that are left out when Kaggle answers 403 or 404 for them
 */
record KaggleFetch(
        KaggleApi api,
        KaggleCache cache,
        Downloader downloader,
        FetchRequest request,
        ModelId id,
        Predicate<String> mayBeAbsent) {
    private static final Logger LOG = LoggerFactory.getLogger(KaggleFetch.class);

    /** Half as many as the official client takes, since a large file comes over several connections. */
    private static final int FILES_AT_ONCE = 4;

    Snapshot run() {
        HubListing listing = cache.folder().listing().orElseGet(api::listing);
        Map<String, HubListing.Entry> found = new ConcurrentSkipListMap<>(listing.entries());
        try {
            Collection<String> wanted = KaggleHub.wanted(api.handle(), listing.names(), request, name -> {
                try {
                    bring(name, found, request.listener());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return cache.whole(name);
            });
            check(wanted, listing);
            List<String> missing =
                    wanted.stream().filter(name -> !cache.isWhole(name)).toList();
            if (!missing.isEmpty()) {
                // First of all: it is what tells a part of the files from all of them.
                listing.write(cache.folder().listingFile());
            }
            if (missing.size() > KaggleApi.PAGE && missing.size() == found.size()) {
                bundle(found);
            }
            List<Concurrently.Job> jobs = wanted.stream()
                    .filter(name -> !cache.isWhole(name))
                    .<Concurrently.Job>map(name -> listener -> bringIfThere(name, found, listener))
                    .toList();
            Concurrently.run(id.toString(), jobs, FILES_AT_ONCE, request.listener());
            note(found, listing, !missing.isEmpty());
        } catch (IOException | UncheckedIOException e) {
            throw new TailorException(
                    id + ": cannot write the cache " + cache.folder().root() + ": " + Failures.explain(e)
                            + " Another folder is chosen by KAGGLEHUB_CACHE or Pretrained.cache(Path).",
                    e);
        }
        return cache.folder().snapshot(id, String.valueOf(api.handle().version()));
    }

    private void check(Collection<String> wanted, HubListing listing) {
        if (wanted.isEmpty()) {
            throw new NotFoundException(
                    NotFoundException.Missing.FILE,
                    api.handle().toString(),
                    id + ": no file that was asked for is among the "
                            + listing.names().size() + " files of version "
                            + api.handle().version() + ": "
                            + HubText.shortened(listing.names()));
        }
        RelativeName.requireDistinct(wanted, "kaggle://" + api.handle());
    }

    private void note(Map<String, HubListing.Entry> found, HubListing listing, boolean isNew) throws IOException {
        try {
            var known = new KaggleApi.About(listing.license(), listing.card());
            KaggleApi.About about = known.license() == null && isNew ? about(known) : known;
            new HubListing(found, about.license(), about.card(), api.handle().toString())
                    .write(cache.folder().listingFile());
            if (found.keySet().stream().allMatch(cache::isWhole)) {
                cache.markBundle();
            }
        } catch (IOException e) {
            if (isNew) {
                throw e;
            }
            // A cache that another program filled and that cannot be written is as good as any.
            LOG.debug("{}: the cache cannot be written: {}", id, e.toString());
        }
    }

    /** Not worth failing for once the files are here. */
    private KaggleApi.About about(KaggleApi.About known) {
        try {
            return api.about();
        } catch (HubException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.debug("{}: no licence: {}", id, e.getMessage());
            return known;
        }
    }

    private void bringIfThere(String name, Map<String, HubListing.Entry> found, DownloadListener listener)
            throws IOException {
        try {
            bring(name, found, listener);
        } catch (HubException e) {
            if ((e.status() == 403 || e.status() == 404) && mayBeAbsent.test(name)) {
                LOG.debug("{}: without {}: {}", id, name, e.getMessage());
                found.remove(name);
                return;
            }
            throw e;
        }
    }

    private void bring(String name, Map<String, HubListing.Entry> found, DownloadListener listener) throws IOException {
        if (cache.isWhole(name)) {
            return;
        }
        Path target = cache.folder().file(name);
        KaggleApi.Place place = api.locate(name);
        Probe probe = place.probe();
        if (isZipped(probe, name)) {
            unzip(name, place, target, listener);
        } else {
            HubListing.Entry listed = found.get(name);
            long size = probe.size() >= 0 || listed == null ? probe.size() : listed.size();
            if (size < 0) {
                // Without a size nothing tells a whole file from one that Python is still writing.
                Files.deleteIfExists(target);
            }
            download(name, place, size, target, listener);
            found.put(name, new HubListing.Entry(Files.size(target), md5(probe)));
        }
        cache.mark(name);
    }

    private static @Nullable String md5(Probe probe) {
        String base64 = probe.googleMd5Base64();
        return base64 == null ? null : "md5:" + base64;
    }

    private void download(String name, KaggleApi.Place place, long size, Path target, DownloadListener listener) {
        Digest digest = place.probe().googleMd5();
        if (!digest.isKnown()) {
            LOG.warn("{}: Kaggle tells no MD5 of {}; only its size can be checked", id, name);
        }
        boolean archive = name.isEmpty();
        downloader.download(
                new Download(
                        archive ? "archive" : name,
                        place.probe().direct(),
                        place.asked(),
                        size,
                        digest,
                        target,
                        cache.folder().partial(name, size, digest),
                        cache.folder().lock(name),
                        response -> api.explain(response, archive ? null : name)),
                listener);
    }

    /** Kaggle stores some files as a ZIP with one member of their name. */
    private static boolean isZipped(Probe probe, String name) {
        return last(probe.direct().uri().getPath()).equals(last(name) + ".zip");
    }

    private void unzip(String name, KaggleApi.Place place, Path target, DownloadListener listener) throws IOException {
        Path zip = AtomicFiles.unique(cache.folder().own().resolve(HubText.sha1(name)), "zip");
        Path members = AtomicFiles.unique(zip, "members");
        try {
            download(name, place, place.probe().size(), zip, listener);
            Files.createDirectories(target.getParent());
            if (!startsAsZip(zip)) {
                AtomicFiles.move(zip, target);
                return;
            }
            Archives.unpack(zip, members, Archives.Limits.standard());
            Path member = members.resolve(last(name));
            if (!Files.isRegularFile(member)) {
                throw new NotFoundException(
                        NotFoundException.Missing.FILE,
                        api.handle().toString(),
                        id + ": the ZIP that Kaggle gives for " + name + " does not hold it");
            }
            AtomicFiles.move(member, target);
        } finally {
            Files.deleteIfExists(zip);
            AtomicFiles.deleteTree(members);
        }
    }

    private void bundle(Map<String, HubListing.Entry> found) throws IOException {
        // Unique, since another process may be at the same; only the partial is shared.
        Path archive = AtomicFiles.unique(cache.folder().own().resolve("bundle"), "archive");
        Path members = AtomicFiles.unique(archive, "members");
        try {
            KaggleApi.Place place = api.locate(null);
            download("", place, place.probe().size(), archive, request.listener());
            Archives.unpack(archive, members, Archives.Limits.standard());
            for (String name : new Snapshot(id.toString(), members, "").files()) {
                HubListing.Entry listed = found.get(name);
                long size = listed == null ? -1 : listed.size();
                Path member = members.resolve(name);
                Path target = cache.folder().file(name);
                if (size >= 0 && Files.size(member) != size) {
                    LOG.warn(
                            "{}: {} has {} bytes in the archive, but {} in the listing; fetching it by itself",
                            id,
                            name,
                            Files.size(member),
                            size);
                } else if (!cache.isWhole(name)) {
                    Files.createDirectories(target.getParent());
                    AtomicFiles.move(member, target);
                    cache.mark(name);
                }
            }
        } finally {
            Files.deleteIfExists(archive);
            AtomicFiles.deleteTree(members);
        }
    }

    private static boolean startsAsZip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(4), new byte[] {'P', 'K', 3, 4});
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
