package dev.tailor.zoo.hubs;

import dev.tailor.hub.Environment;
import dev.tailor.hub.HubProvider;
import dev.tailor.hub.RetryPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Every connector, with a server of its own that has one model, whose large file is the same for all. */
enum Connector {
    HF("hf://org/name", "model.safetensors", "GET storage"),
    TORCHHUB("torchhub://models/toy-" + Connector.hash(8) + ".pth", "toy-" + Connector.hash(8) + ".pth", "GET hub"),
    KAGGLE("kaggle://org/name/keras/tiny/3", "model.weights.h5", "GET storage /bucket/file/model.weights.h5"),
    TFHUB("tfhub://org/name/1", "variables/variables.data-00000-of-00001", "GET storage"),
    GITHUB("github://o/r@v1/model.onnx", "model.onnx", "GET storage"),
    GITHUB_FILES("github://o/r@main/models", "model.safetensors", "/models/model.safetensors"),
    NGC("ngc://org/team/name:1.0", "model.onnx", "GET storage /signed/model.onnx"),
    KERAS("keras://kaggle/org/name/keras/tiny/3", "model.weights.h5", "GET storage /bucket/file/model.weights.h5"),
    HTTPS("https://files.example/large.bin#sha256=" + Connector.hash(64), "large.bin", "GET hub");

    private final String id;
    private final String large;
    private final String bytes;

    /**
     * A connector.
     *
     * @param large the large file's name in the snapshot
     * @param bytes what requests for the bytes of files contain
     */
    Connector(String id, String large, String bytes) {
        this.id = id;
        this.large = large;
        this.bytes = bytes;
    }

    String id() {
        return id;
    }

    String large() {
        return large;
    }

    String bytes() {
        return bytes;
    }

    /** What travels for the large file. */
    byte[] body() {
        return this == TFHUB ? Tars.gzip(archived()) : content();
    }

    static byte[] content() {
        return HuggingFaceHubTest.bytes(200_000);
    }

    /** The variables that keep everything below one folder, and that lead to the server. */
    Map<String, String> variables(Path folder, URI hub) {
        Map<String, String> variables = new HashMap<>();
        variables.put("HOME", folder.toString());
        variables.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        variables.put("TAILOR_HOME", folder.resolve("cache/tailor").toString());
        variables.put("TFHUB_CACHE_DIR", folder.resolve("cache/tfhub").toString());
        variables.put("HF_ENDPOINT", hub.toString());
        variables.put("KAGGLE_API_ENDPOINT", hub.toString());
        variables.put("NGC_API_ENDPOINT", hub.toString());
        variables.put("NGC_AUTH_ENDPOINT", hub.toString());
        variables.put("GITHUB_API_URL", hub + "/api");
        variables.put("GITHUB_SERVER_URL", hub.toString());
        return variables;
    }

    HubProvider connect(Map<String, String> variables, RetryPolicy retries, URI hub, URI storage) {
        Environment environment = Environment.of(variables);
        return switch (this) {
            case HF -> new HuggingFaceHub(environment, retries);
            case TORCHHUB -> new TorchHub(environment, retries, URI.create(hub + "/models/"));
            case KAGGLE -> new KaggleHub(environment, retries);
            case TFHUB -> new TensorFlowHub(environment, retries, hub);
            case GITHUB, GITHUB_FILES ->
                new GitHubHub(environment, retries, URI.create(storage + "/raw"), Clock.systemUTC());
            case NGC -> new NgcHub(environment, retries);
            case KERAS -> new KerasHub(environment, retries);
            case HTTPS -> new HttpsHub(environment, retries, false, address -> URI.create(hub + address.getRawPath()));
        };
    }

    TwoHosts serve() {
        byte[] content = content();
        byte[] config = "{}".getBytes(StandardCharsets.UTF_8);
        return switch (this) {
            case HF -> new FakeHuggingFace("org/name").with("config.json", "{}").with(large, content);
            case TORCHHUB, HTTPS -> {
                TwoHosts server = new TwoHosts();
                server.onHub(exchange -> TwoHosts.file(exchange, content));
                server.onStorage(exchange -> TwoHosts.file(exchange, content));
                yield server;
            }
            case KAGGLE, KERAS ->
                new FakeKaggle("org/name/keras/tiny")
                        .with("config.json", "{\"registered_name\":\"keras_hub>BertBackbone\"}")
                        .with(large, content);
            case TFHUB -> archive(body());
            case GITHUB -> {
                FakeGitHub server = new FakeGitHub();
                server.assets.add(new FakeGitHub.Asset(7, large, content, true, "uploaded"));
                yield server;
            }
            case GITHUB_FILES -> {
                FakeGitHub server = new FakeGitHub();
                server.files.put("models/config.json", config);
                server.files.put("models/" + large, content);
                yield server;
            }
            case NGC ->
                new FakeNgc("org", "team", "name").with("config.json", "{}").with(large, content);
        };
    }

    private static Map<String, byte[]> archived() {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("saved_model.pb", "graph".getBytes(StandardCharsets.UTF_8));
        files.put("variables/variables.data-00000-of-00001", content());
        return files;
    }

    private static TwoHosts archive(byte[] archive) {
        TwoHosts server = new TwoHosts();
        server.onHub(exchange -> {
            exchange.getResponseHeaders().set("Location", server.storage() + "/archive.tar.gz?X-Goog-Signature=secret");
            TwoHosts.answer(exchange, 302, new byte[0]);
        });
        server.onStorage(exchange -> {
            exchange.getResponseHeaders().set("x-goog-hash", "crc32c=AAAAAA==,md5=" + FakeKaggle.md5(archive));
            TwoHosts.file(exchange, archive);
        });
        return server;
    }

    private static String hash(int digits) {
        return FakeHuggingFace.sha256(content()).substring(0, digits);
    }
}
