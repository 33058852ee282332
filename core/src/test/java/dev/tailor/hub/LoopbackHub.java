package dev.tailor.hub;

import dev.tailor.ModelId;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** A hub whose ids name one file of a server on this machine, {@code loopback://127.0.0.1:port/file.bin}. */
public final class LoopbackHub implements HubProvider {
    @Override
    public String scheme() {
        return "loopback";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        Path folder = Objects.requireNonNull(request.cache());
        HubRequest get = HubRequest.get(id.path(), URI.create("http://" + id.path()), null);
        HubClient client =
                new HubClient(RetryPolicy.standard(), HubClient.Timeouts.standard()).within(request.timeLimit());
        new Downloader(client)
                .download(
                        new Download(
                                "file.bin",
                                get,
                                get,
                                -1,
                                Digest.none(),
                                folder.resolve("file.bin"),
                                folder.resolve("partial"),
                                folder.resolve("lock"),
                                response -> HubException.of(id.path(), response.toString())),
                        request.listener());
        return new Snapshot(id.toString(), folder, "1");
    }
}
