package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Fetches in a JVM of its own: a line of standard input names {@code online} or {@code offline}, the connector, a folder, and the
 * addresses of its server, separated by blanks; a line of standard output tells the SHA-256 of the large file or what went wrong.
 */
final class ConnectorMain {
    private ConnectorMain() {}

    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            try {
                System.out.println(fetch(
                        words[0].equals("offline"),
                        Connector.valueOf(words[1]),
                        Path.of(words[2]),
                        URI.create(words[3]),
                        URI.create(words[4])));
            } catch (TailorException | IllegalStateException e) {
                System.out.println(String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        }
    }

    private static String fetch(boolean offline, Connector connector, Path folder, URI hub, URI storage)
            throws IOException {
        Map<String, String> variables = connector.variables(folder, hub);
        Snapshot snapshot = connector
                .connect(variables, RetryPolicy.standard().withSleeper(time -> Thread.sleep(20)), hub, storage)
                .fetch(ModelId.parse(connector.id()), FetchRequest.defaults().withOffline(offline));
        return FakeHuggingFace.sha256(Files.readAllBytes(snapshot.require(connector.large())));
    }
}
