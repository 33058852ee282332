package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubProvider;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Java side of {@code src/test/python/hub_caches.py}: {@code fill given cache} fetches what lies in a folder from servers on
 * loopback, {@code read given cache} reads a cache without a network, {@code serve given} runs the servers for the hubs' own clients
 * until standard input ends. Each file is told as a line: hub, name, SHA-256.
 */
final class CacheMain {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

    private CacheMain() {}

    public static void main(String[] args) throws IOException {
        Path given = Path.of(args[1]);
        if (args[0].equals("read")) {
            fetch(given, Path.of(args[2]), true, NOWHERE, NOWHERE, NOWHERE);
            return;
        }
        FakeHuggingFace huggingFace = new FakeHuggingFace("org/name");
        files(given.resolve("hf")).forEach(huggingFace::with);
        FakeKaggle kaggle = new FakeKaggle("org/name/keras/tiny");
        files(given.resolve("kaggle")).forEach(kaggle::with);
        Map<String, byte[]> weights = files(given.resolve("torchhub"));
        TwoHosts torch = new TwoHosts();
        torch.onHub(exchange -> TwoHosts.file(
                exchange, weights.get(exchange.getRequestURI().getPath().substring("/models/".length()))));
        try (huggingFace;
                kaggle;
                torch) {
            if (args[0].equals("fill")) {
                fetch(given, Path.of(args[2]), false, huggingFace.hub(), torch.hub(), kaggle.hub());
            } else {
                System.out.println(huggingFace.hub() + " " + torch.hub() + "/models/");
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    private static void fetch(Path given, Path cache, boolean offline, URI huggingFace, URI torch, URI kaggle)
            throws IOException {
        Environment environment = Environment.of(Map.of(
                "HOME", cache.toString(),
                "HF_HOME", cache.resolve("huggingface").toString(),
                "HF_ENDPOINT", huggingFace.toString(),
                "TORCH_HOME", cache.resolve("torch").toString(),
                "TAILOR_HOME", cache.resolve("tailor").toString(),
                "KAGGLEHUB_CACHE", cache.resolve("kagglehub").toString(),
                "KAGGLE_API_ENDPOINT", kaggle.toString()));
        RetryPolicy retries = RetryPolicy.standard();
        String weights = files(given.resolve("torchhub")).keySet().iterator().next();
        Map<String, HubProvider> hubs = new LinkedHashMap<>();
        hubs.put("hf://org/name", new HuggingFaceHub(environment, retries));
        hubs.put("torchhub://models/" + weights, new TorchHub(environment, retries, URI.create(torch + "/models/")));
        hubs.put("kaggle://org/name/keras/tiny/3", new KaggleHub(environment, retries));
        FetchRequest request = FetchRequest.defaults().withOffline(offline).withFiles(name -> true);
        for (var hub : hubs.entrySet()) {
            Snapshot snapshot = hub.getValue().fetch(ModelId.parse(hub.getKey()), request);
            if (!snapshot.verify().isEmpty()) {
                throw new IllegalStateException(hub.getKey() + ": " + snapshot.verify());
            }
            for (String name : files(given.resolve(snapshot.hub())).keySet()) {
                System.out.println(snapshot.hub() + " " + name + " " + StoredFiles.sha256(snapshot.require(name)));
            }
        }
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : new Snapshot("file", folder, "").files()) {
            files.put(name, Files.readAllBytes(folder.resolve(name)));
        }
        return files;
    }
}
