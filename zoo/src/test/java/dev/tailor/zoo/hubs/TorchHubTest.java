package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.hub.VerificationException;
import dev.tailor.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchHubTest {
    private static final byte[] WEIGHTS = HuggingFaceHubTest.bytes(200_000);
    private static final String SHA256 = FakeHuggingFace.sha256(WEIGHTS);
    private static final String FILE = "toy-" + SHA256.substring(0, 8) + ".pth";
    private static final String DENIED = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final Map<String, byte[]> files = new TreeMap<>();
    final List<Duration> sleeps = Collections.synchronizedList(new ArrayList<>());
    final TwoHosts server = new TwoHosts();

    @BeforeEach
    void set_up() {
        variables.put("TORCH_HOME", temporary.resolve("torch").toString());
        variables.put("TAILOR_HOME", temporary.resolve("tailor").toString());
        files.put(FILE, WEIGHTS);
        server.onHub(exchange -> {
            byte[] content = files.get(exchange.getRequestURI().getPath().substring("/models/".length()));
            if (content == null) {
                TwoHosts.status(403, DENIED).answer(exchange);
            } else {
                TwoHosts.file(exchange, content);
            }
        });
        server.onStorage(exchange -> TwoHosts.file(exchange, WEIGHTS));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void puts_the_file_where_torch_has_it_and_describes_it_beside_a_link() {
        Snapshot snapshot = fetch("torchhub://models/" + FILE);

        assertThat(temporary.resolve("torch/hub/checkpoints/" + FILE)).hasBinaryContent(WEIGHTS);
        assertThat(snapshot.root()).isEqualTo(temporary.resolve("tailor/torchhub/toy-" + SHA256.substring(0, 8)));
        assertThat(snapshot.require(FILE)).hasBinaryContent(WEIGHTS);
        assertThat(snapshot.files()).containsExactly("torchhub.json", FILE);
        assertThat(snapshot.revision()).isEqualTo(SHA256);
        assertThat(server.seen("hub")).hasSize(2).allSatisfy(seen -> {
            assertThat(seen.path()).isEqualTo("/models/" + FILE);
            assertThat(seen.authorization()).isNull();
        });
        assertThat(snapshot.digests()).hasToString("{" + FILE + "=SHA-256 " + SHA256.substring(0, 8) + "}");
        assertThat(snapshot.hub()).isEqualTo("torchhub");
        server.forget();
        assertThat(fetch("torchhub://models/" + FILE).revision()).isEqualTo(SHA256);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void describes_a_torchvision_model_for_a_loader() throws IOException {
        Path checkpoint = temporary.resolve("torch/hub/checkpoints/resnet18-f37072fd.pth");
        TorchvisionWeights row = TorchHubId.parse("pytorch/vision/resnet18").weights();
        assertThat(row).isNotNull();
        JsonObject json = row.toJson();
        assertThat(json.get("model_type").getAsString()).isEqualTo("torchvision/resnet18");
        assertThat(json.getAsJsonArray("label_names")).hasSize(1000);
        assertThat(json.get("weights").getAsString()).isEqualTo("IMAGENET1K_V1");
        assertThat(json.get("num_classes").getAsInt()).isEqualTo(1000);
        assertThat(json.get("num_params").getAsLong()).isEqualTo(11_689_512);
        assertThat(json.get("transforms"))
                .hasToString("{\"resize_size\":256,\"crop_size\":224,\"interpolation\":"
                        + "\"bilinear\",\"antialias\":true,\"mean\":[0.485,0.456,0.406],\"std\":[0.229,0.224,0.225]}");

        Files.createDirectories(checkpoint.getParent());
        Files.writeString(checkpoint, "not the published weights");
        assertThatThrownBy(() -> fetch("torchhub://pytorch/vision/resnet18"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(checkpoint.toString())
                .hasMessageContaining("SHA-256 f37072fd, found ")
                .hasMessageContaining("Delete it");
        assertThat(checkpoint).exists();
        assertThat(temporary.resolve("tailor")).doesNotExist();
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void makes_a_folder_that_a_loader_understands() {
        TorchvisionWeights toy = new TorchvisionWeights(
                "toy",
                "V1",
                true,
                FILE,
                TorchvisionWeights.Kind.CLASSIFICATION,
                256,
                224,
                "bicubic",
                List.of(0.1, 0.2, 0.3),
                List.of(1.0, 2.0, 3.0),
                70.5,
                90,
                5,
                32,
                10,
                true);
        TorchHub hub = new TorchHub(
                Environment.of(variables), RetryPolicy.standard(), server.hub().resolve("/models/"), List.of(toy));
        Snapshot snapshot = hub.fetch(ModelId.parse("torchhub://pytorch/vision/toy"), FetchRequest.defaults());
        assertThat(snapshot.files()).containsExactly("config.json", FILE);
        assertThat(snapshot.require(FILE)).hasBinaryContent(WEIGHTS);
        assertThat(snapshot.revision()).isEqualTo(SHA256);
        assertThat(snapshot.require("config.json"))
                .hasContent("{\"format_version\":1,\"file\":\"" + FILE + "\",\"size\":200000,\"sha256\":\"" + SHA256
                        + "\",\"url\":\"" + server.hub() + "/models/" + FILE
                        + "\",\"model_type\":\"torchvision/toy\",\"weights\":\"V1\",\"num_classes\":10,\"num_params\":5,\"min_size\":32,"
                        + "\"transform_input\":true,\"transforms\":{\"resize_size\":256,\"crop_size\":224,"
                        + "\"interpolation\":\"bicubic\",\"antialias\":true,\"mean\":[0.1,0.2,0.3],\"std\":[1.0,2.0,3.0]},"
                        + "\"acc@1\":70.5,\"acc@5\":90.0}");
        server.forget();
        assertThat(hub.fetch(ModelId.parse("torchhub://pytorch/vision/toy?weights=V1"), FetchRequest.defaults())
                        .root())
                .isEqualTo(snapshot.root());
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void uses_what_python_downloaded_without_a_socket() throws IOException {
        Path checkpoint = temporary.resolve("torch/hub/checkpoints/" + FILE);
        Files.createDirectories(checkpoint.getParent());
        Files.write(checkpoint, WEIGHTS);
        Snapshot snapshot = hub().fetch(
                        ModelId.parse("torchhub://models/" + FILE),
                        FetchRequest.defaults().withOffline(true));
        JsonObject json = Json.readObject(snapshot.require("torchhub.json"));
        assertThat(json.get("sha256").getAsString()).isEqualTo(SHA256);
        assertThat(json.get("size").getAsLong()).isEqualTo(WEIGHTS.length);
        assertThat(server.seen()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pytorch/vision/resnet18                                        | resnet18-f37072fd.pth
            pytorch/vision:main/resnet50                                   | resnet50-11ad3fa6.pth
            pytorch/vision:v0.14.1/resnet50                                | resnet50-11ad3fa6.pth
            pytorch/vision:v0.10.0/resnet50                                | resnet50-0676ba61.pth
            pytorch/vision:v0.10.0/resnet50?weights=IMAGENET1K_V2          | resnet50-11ad3fa6.pth
            pytorch/vision/resnet50?weights=DEFAULT                        | resnet50-11ad3fa6.pth
            pytorch/vision/resnet50?weights=ResNet50_Weights.IMAGENET1K_V1 | resnet50-0676ba61.pth
            pytorch/vision/mnasnet1_0                                      | mnasnet1.0_top1_73.512-f206786ef8.pth
            models/vit_b_16_swag-9ac1b537.pth                              | vit_b_16_swag-9ac1b537.pth
            """)
    void knows_the_file_of_a_model(String path, String file) {
        TorchHubId id = TorchHubId.parse(path);
        assertThat(id.file()).isEqualTo(file);
        assertThat(id.weights()).isNotNull();
    }

    @Test
    void has_a_whole_table() {
        List<TorchvisionWeights> table = TorchvisionWeights.table();
        assertThat(table).hasSize(123);
        assertThat(table)
                .extracting(TorchvisionWeights::file)
                .doesNotHaveDuplicates()
                .allMatch(file -> file.matches("[\\w.-]+-[0-9a-f]{8}([0-9a-f]{2})?\\.pth"));
        assertThat(table.stream().filter(TorchvisionWeights::isDefault).map(TorchvisionWeights::model))
                .containsExactlyElementsOf(
                        table.stream().map(TorchvisionWeights::model).distinct().toList());
        assertThat(table).allSatisfy(row -> {
            boolean classifies = row.kind() == TorchvisionWeights.Kind.CLASSIFICATION;
            assertThat(row.crop()).isBetween(classifies ? 224 : 0, 600).isLessThanOrEqualTo(row.resize());
            boolean prepared = row.kind() != TorchvisionWeights.Kind.DETECTION;
            assertThat(row.mean()).hasSize(prepared ? 3 : 0);
            assertThat(row.std()).hasSize(prepared ? 3 : 0);
            assertThat(row.parameters()).isGreaterThan(1_000_000);
        });
        assertThat(table.stream().filter(TorchvisionWeights::transformInput).map(TorchvisionWeights::model))
                .containsExactly("googlenet", "inception_v3");
        assertThat(table.stream().filter(row -> Double.isNaN(row.metric1())).map(TorchvisionWeights::weights))
                .containsExactly("IMAGENET1K_FEATURES");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pytorch/vision                              | names no model
            pytorch/vision/resnet19                     | there is no model "resnet19"
            pytorch/vision/resnet50?weights=COCO_V1     | There are IMAGENET1K_V1, IMAGENET1K_V2 (the default).
            pytorch/vision/resnet50?pretrained=True     | only ?weights=NAME
            facebookresearch/pytorchvideo/slow_r50      | hubconf.py, which is Python code that Tailor never runs
            ultralytics/yolov5:v7.0/yolov5s             | github://owner/repo@tag/asset
            models/../x.pth                             | names no file
            models/x.pth?y                              | names no file
            """)
    void refuses_what_cannot_be_loaded_and_says_what_can(String path, String said) {
        assertThatThrownBy(() -> fetch("torchhub://" + path))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("torchhub://" + path)
                .hasMessageContaining(said);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void says_that_a_denied_file_does_not_exist() {
        assertThatThrownBy(() -> fetch("torchhub://models/none-00000000.pth"))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.status()).isEqualTo(403);
                    assertThat(e.isRetriable()).isFalse();
                    assertThat(ErrorKinds.of(e)).isEqualTo("NotFound FILE");
                })
                .hasMessageContaining("there is no file models/none-00000000.pth")
                .hasMessageContaining("AccessDenied");
        server.spoil("GET hub", TwoHosts.status(403, "<html>blocked by the proxy</html>"));
        assertThatThrownBy(() -> fetch("torchhub://models/" + FILE)).hasMessageContaining("check proxies");
        server.spoil("GET hub", TwoHosts.status(404, ""));
        assertThatThrownBy(() -> fetch("torchhub://models/" + FILE)).hasMessageContaining("there is no file");
    }

    @Test
    void tries_again_and_resumes() {
        server.spoil("GET hub", TwoHosts.status(503, ""));
        server.spoil("GET hub", TwoHosts.status(429, "", "Retry-After", "7"));
        server.spoil("GET hub", exchange -> false);
        server.spoil("GET hub", TwoHosts.cut(WEIGHTS, 100_000));
        assertThat(fetch("torchhub://models/" + FILE).require(FILE)).hasBinaryContent(WEIGHTS);
        assertThat(sleeps).contains(Duration.ofSeconds(7));
        assertThat(server.seen("hub")).hasSize(5);
        assertThat(server.seen("hub").get(4).range()).matches("bytes=[1-9][0-9]*-");
    }

    @Test
    void publishes_nothing_with_a_wrong_hash() throws IOException {
        files.put(FILE, HuggingFaceHubTest.bytes(5));
        assertThatThrownBy(() -> fetch("torchhub://models/" + FILE))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("expected SHA-256 " + SHA256.substring(0, 8));
        try (var walk = Files.walk(temporary)) {
            assertThat(walk.filter(Files::isRegularFile))
                    .allMatch(file -> file.toString().endsWith(".lock"));
        }
    }

    @Test
    void takes_a_file_without_a_hash_and_follows_to_a_mirror() {
        files.put("plain.pth", WEIGHTS);
        server.spoil("GET hub", TwoHosts.status(302, "", "Location", server.storage() + "/elsewhere"));
        assertThat(fetch("torchhub://models/plain.pth").revision()).isEqualTo(SHA256);
        assertThat(server.seen("storage")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offline_names_what_is_missing(boolean given) {
        Path cache = temporary.resolve(given ? "given" : "torch");
        FetchRequest offline = FetchRequest.defaults().withOffline(true).withCache(given ? cache : null);
        assertThatThrownBy(() -> hub().fetch(ModelId.parse("torchhub://pytorch/vision/resnet18"), offline))
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("offline")
                .hasMessageContaining(
                        cache.resolve("hub/checkpoints/resnet18-f37072fd.pth").toString());
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void finds_the_cache_as_torch_does_and_survives_a_cleared_one() throws IOException {
        variables.remove("TORCH_HOME");
        variables.put("XDG_CACHE_HOME", temporary.resolve("xdg").toString());
        Snapshot snapshot = fetch("torchhub://models/" + FILE);
        Path checkpoint = temporary.resolve("xdg/torch/hub/checkpoints/" + FILE);
        assertThat(checkpoint).hasBinaryContent(WEIGHTS);
        Files.delete(checkpoint);
        assertThat(fetch("torchhub://models/" + FILE).require(FILE)).hasBinaryContent(WEIGHTS);
        Files.writeString(snapshot.require("torchhub.json"), "{}");
        assertThat(fetch("torchhub://models/" + FILE).revision()).isEqualTo(SHA256);
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private TorchHub hub() {
        return new TorchHub(
                Environment.of(variables),
                RetryPolicy.standard().withSleeper(sleeps::add),
                server.hub().resolve("/models/"));
    }
}
