package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is fetched is listed, comes from the cache by the id that is listed, and is gone after it is deleted. */
class InventoryTest {
    private static final byte[] WEIGHTS = HuggingFaceHubTest.bytes(50_000);
    private static final RetryPolicy RETRIES = RetryPolicy.standard().withSleeper(time -> {});

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void set_up() {
        variables.put("HOME", temporary.toString());
        variables.put("TAILOR_HOME", temporary.resolve("tailor").toString());
    }

    @Test
    void kaggle_models_go_with_their_markers() throws IOException {
        try (FakeKaggle server = new FakeKaggle("keras/bert/keras/tiny")) {
            server.with("config.json", "{}").with("model.weights.h5", WEIGHTS);
            variables.put("KAGGLE_API_ENDPOINT", server.hub().toString());
            KaggleHub hub = new KaggleHub(Environment.of(variables), RETRIES);
            CachedModel model = comesAndGoes(hub, "kaggle://keras/bert/keras/tiny", 50_002);
            assertThat(model.id()).isEqualTo("kaggle://keras/bert/keras/tiny/3");
            assertThat(model.revision()).isEqualTo("3");
            assertThat(model.root()).hasToString(temporary + "/.cache/kagglehub/models/keras/bert/keras/tiny/3");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void ngc_models_go_with_their_listing() throws IOException {
        try (FakeNgc server = new FakeNgc("nvidia", "tao", "peoplenet")) {
            server.with("model.onnx", WEIGHTS).with("labels.txt", "person");
            variables.put("NGC_API_ENDPOINT", server.hub().toString());
            variables.put("NGC_AUTH_ENDPOINT", server.hub().toString());
            NgcHub hub = new NgcHub(Environment.of(variables), RETRIES);
            assertThat(comesAndGoes(hub, "ngc://nvidia/tao/peoplenet:1.0", 50_006)
                            .id())
                    .isEqualTo("ngc://nvidia/tao/peoplenet:1.0");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void modules_of_tensorflow_hub_are_told_by_their_descriptor() throws IOException {
        try (TwoHosts server = new TwoHosts()) {
            byte[] archive = Tars.gzip(Map.of("saved_model.pb", WEIGHTS));
            server.onHub(exchange -> TwoHosts.file(exchange, archive));
            variables.put("TFHUB_CACHE_DIR", temporary.resolve("tf").toString());
            TensorFlowHub hub = new TensorFlowHub(Environment.of(variables), RETRIES, server.hub());
            CachedModel model = comesAndGoes(hub, "tfhub://google/nnlm-en-dim50/2", 50_000);
            assertThat(model.id()).isEqualTo("tfhub://google/nnlm-en-dim50/2");
            assertThat(model.revision()).isEqualTo("2");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void checkpoints_of_torch_go_with_their_link() throws IOException {
        try (TwoHosts server = new TwoHosts()) {
            String hash = FakeHuggingFace.sha256(WEIGHTS).substring(0, 8);
            server.onHub(exchange -> TwoHosts.file(exchange, WEIGHTS));
            variables.put("TORCH_HOME", temporary.resolve("torch").toString());
            TorchHub hub = new TorchHub(
                    Environment.of(variables), RETRIES, server.hub().resolve("/models/"));
            CachedModel model = comesAndGoes(hub, "torchhub://models/toy-" + hash + ".pth", 50_000);
            assertThat(model.id()).isEqualTo("torchhub://models/toy-" + hash + ".pth");
            assertThat(model.revision()).isEqualTo(hash);
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void files_of_web_servers_are_told_without_their_query() throws IOException {
        try (TwoHosts server = new TwoHosts()) {
            server.onHub(exchange -> TwoHosts.file(exchange, WEIGHTS));
            HttpsHub hub = new HttpsHub(
                    Environment.of(variables),
                    RETRIES,
                    false,
                    uri -> server.hub().resolve(uri.getRawPath()));
            String pin = "#sha256=" + FakeHuggingFace.sha256(WEIGHTS);
            CachedModel model = comesAndGoes(hub, "https://files.example/a/m%20x.bin?v=secret" + pin, 50_000);
            assertThat(model.id()).isEqualTo("https://files.example/a/m%20x.bin" + pin);
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void commits_and_releases_of_github_go_alone() throws IOException {
        try (FakeGitHub server = new FakeGitHub()) {
            server.files.put("config.json", "{}".getBytes());
            server.files.put("sub/model.bin", WEIGHTS);
            server.assets.add(new FakeGitHub.Asset(7, "model.onnx", WEIGHTS, true, "uploaded"));
            variables.put("GITHUB_API_URL", server.hub() + "/api");
            variables.put("GITHUB_SERVER_URL", server.hub().toString());
            URI raw = server.storage().resolve("/raw");
            GitHubHub hub = new GitHubHub(Environment.of(variables), RETRIES, raw, Clock.systemUTC());
            hub.fetch(ModelId.parse("github://o/r@main/sub/model.bin"), FetchRequest.defaults());
            CachedModel release = comesAndGoes(hub, "github://o/r@v1/model.onnx", 50_000);
            assertThat(release.id()).isEqualTo("github://o/r@v1/model.onnx");
            assertThat(release.names()).containsExactly("v1");
            CachedModel tree = comesAndGoes(hub, "github://o/r@main/sub/model.bin", 50_000);
            assertThat(tree.id()).isEqualTo("github://o/r@" + FakeGitHub.COMMIT + "/sub/model.bin");
            assertThat(tree.names()).containsExactly("main");
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void bundles_are_unpacked_again_after_they_were_deleted() throws IOException {
        BundledHub hub = new BundledHub(Environment.of(variables));
        hub.fetch(ModelId.parse("bundled:tiny"), FetchRequest.defaults());
        CachedModel model = hub.cached(null).get(0);
        assertThat(model.id()).isEqualTo("bundled:tiny");
        hub.delete(model);
        assertThat(hub.cached(null)).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(hub.fetch(ModelId.parse(model.id()), FetchRequest.defaults()).files())
                .isNotEmpty();
    }

    @Test
    void nothing_is_deleted_while_it_is_downloaded() throws IOException {
        try (FakeKaggle server = new FakeKaggle("keras/bert/keras/tiny")) {
            server.with("config.json", "{}");
            variables.put("KAGGLE_API_ENDPOINT", server.hub().toString());
            KaggleHub hub = new KaggleHub(Environment.of(variables), RETRIES);
            hub.fetch(ModelId.parse("kaggle://keras/bert/keras/tiny/3"), FetchRequest.defaults());
            CachedModel model = hub.cached(null).get(0);
            Path lock = model.root().resolveSibling(".tailor/3/" + HubText.sha1("config.json") + ".lock");
            try (FileChannel held = FileChannel.open(lock, StandardOpenOption.WRITE)) {
                held.lock();
                assertThatThrownBy(() -> hub.delete(model))
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("is downloading it; nothing was deleted");
            }
            assertThat(hub.cached(null)).singleElement().matches(model::isSameAs);
            hub.delete(model);
            assertThat(hub.cached(null)).isEmpty();
        }
    }

    /** Fetches, finds, fetches what was found without the network, deletes, and finds nothing. */
    private static CachedModel comesAndGoes(CachingHub hub, String id, long bytes) {
        int before = hub.cached(null).size();
        hub.fetch(ModelId.parse(id), FetchRequest.defaults());
        List<CachedModel> cached = hub.cached(null);
        CachedModel model = cached.get(cached.size() - 1);
        assertThat(model.hub()).isEqualTo(hub.scheme());
        assertThat(model.bytes()).isEqualTo(bytes);
        assertThat(model.freed()).isEqualTo(bytes);
        assertThat(model.lastUsed()).isAfter(Clock.systemUTC().instant().minusSeconds(3600));
        FetchRequest offline = FetchRequest.defaults().withOffline(true);
        assertThat(hub.fetch(ModelId.parse(model.id()), offline).files())
                .hasSize(hub.scheme().equals("torchhub") ? 2 : model.files());
        hub.delete(model);
        assertThat(hub.cached(null)).hasSize(Math.max(0, cached.size() - 1)).hasSizeLessThanOrEqualTo(before);
        assertThatThrownBy(() -> hub.fetch(ModelId.parse(model.id()), offline)).isInstanceOf(OfflineException.class);
        assertThatThrownBy(() -> hub.delete(model)).isInstanceOf(NotFoundException.class);
        return model;
    }

    /** All files but locks, which stay for those who wait for them. */
    private List<Path> files() throws IOException {
        try (Stream<Path> walk = Files.walk(temporary)) {
            return walk.filter(
                            path -> !Files.isDirectory(path) && !path.toString().endsWith(".lock"))
                    .toList();
        }
    }
}
