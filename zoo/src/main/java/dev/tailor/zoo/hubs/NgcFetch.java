package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.Digest;
import dev.tailor.hub.Download;
import dev.tailor.hub.Downloader;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings single files of one version from NGC, from wherever it gives them. Used by one thread. */
record NgcFetch(
        HubClient client,
        NgcErrors errors,
        NgcSession session,
        VersionFolder folder,
        FetchRequest request,
        ModelId id) {
    private static final Logger LOG = LoggerFactory.getLogger(NgcFetch.class);

    NgcApi api() {
        return new NgcApi(client, errors, session);
    }

    /** Tries the next form of the address when one fails, and a new token, once, when the old one is refused. */
    void bring(String name, NgcApi.Remote remote) {
        Digest digest = new HubListing.Entry(remote.size(), remote.hash()).digest();
        if (!digest.isKnown()) {
            LOG.warn("{}: NGC tells no digest of {}; only its size can be checked", id, name);
        }
        boolean renewed = false;
        for (int form = 0; ; form++) {
            var sources = api().sources(name, remote.signed());
            try {
                download(name, remote.size(), digest, sources.get(form));
                return;
            } catch (HubException e) {
                boolean otherForm = e.status() == 400 || e.status() == 404 || e.status() == 405;
                if (e.status() == 401 && !renewed && session.renew()) {
                    renewed = true;
                    form--;
                } else if (!otherForm || form + 1 == sources.size()) {
                    throw e;
                } else {
                    LOG.debug("{}: {}; asking in the other form", id, e.getMessage());
                }
            }
        }
    }

    private void download(String name, long size, Digest digest, NgcApi.Source source) {
        new Downloader(client)
                .download(
                        new Download(
                                name,
                                source.first(),
                                source.again(),
                                size,
                                digest,
                                folder.file(name),
                                folder.partial(name, size, digest),
                                folder.lock(name),
                                response -> errors.explain(response, name)),
                        request.listener());
    }
}
