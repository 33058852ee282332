package dev.tailor.hub;

import java.net.URI;
import java.nio.file.Path;

/** Downloads one file in a JVM of its own, which a test may kill: address, size, digest, folder. */
final class DownloadMain {
    private DownloadMain() {}

    public static void main(String[] args) {
        HubRequest request = HubRequest.get("org/name", URI.create(args[0]), null);
        Path folder = Path.of(args[3]);
        Download download = new Download(
                "file.bin",
                request,
                request,
                Long.parseLong(args[1]),
                Digest.sha256(args[2]),
                folder.resolve("file.bin"),
                folder.resolve("part"),
                folder.resolve("lock"),
                response -> HubException.of("org/name", "answered " + response.status()));
        HubClient client = new HubClient(RetryPolicy.standard(), HubClient.Timeouts.standard());
        boolean own = new Downloader(client, KillTest.RANGES).download(download, DownloadListener.none());
        System.out.println(own ? "downloaded" : "found");
    }
}
