package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KaggleHubTest {
    private static final String INSTANCE = "keras/bert/keras/tiny";
    private static final String ID = "kaggle://" + INSTANCE + "/3";

    @TempDir
    Path temporary;

    final byte[] weights = bytes(200_000);
    final Map<String, String> variables = new HashMap<>();
    final FakeKaggle server = new FakeKaggle(INSTANCE);

    @BeforeEach
    void set_up() {
        server.with("config.json", "{}")
                .with("model.weights.h5", weights)
                .with("assets/tokenizer/vocabulary.txt", "[PAD]\n")
                .with("empty.txt", "");
        variables.put("HOME", temporary.resolve("home").toString());
        variables.put("KAGGLE_API_ENDPOINT", server.hub().toString());
        variables.put("KAGGLEHUB_CACHE", temporary.resolve("cache").toString());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void writes_the_cache_of_kagglehub_with_both_kinds_of_markers() throws IOException {
        Snapshot snapshot = fetch(ID);

        Path instance = temporary.resolve("cache/models").resolve(INSTANCE);
        assertThat(snapshot.root()).isEqualTo(instance.resolve("3"));
        assertThat(snapshot.revision()).isEqualTo("3");
        assertThat(snapshot.files())
                .containsExactly("assets/tokenizer/vocabulary.txt", "config.json", "empty.txt", "model.weights.h5");
        assertThat(snapshot.require("model.weights.h5")).hasBinaryContent(weights);
        assertThat(snapshot.require("empty.txt")).isEmptyFile();
        assertThat(instance.resolve("3.complete")).isEmptyFile();
        assertThat(instance.resolve(".complete/3/config.json.complete")).isEmptyFile();
        assertThat(instance.resolve(".complete/3/assets/tokenizer/vocabulary.txt.complete"))
                .isEmptyFile();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void tells_digests_and_licence_and_finds_damage() throws IOException {
        Snapshot snapshot = fetch(ID);
        assertThat(snapshot.license()).contains("Apache 2.0");
        assertThat(snapshot.hub()).isEqualTo("kaggle");
        assertThat(snapshot.digests()).containsKeys("config.json", "model.weights.h5");
        assertThat(snapshot.verify()).isEmpty();
        Files.write(snapshot.require("config.json"), new byte[2]);
        assertThat(fetchOffline(ID).verify()).containsOnlyKeys("config.json");
    }

    @Test
    void keeps_to_a_time_limit() {
        assertThatThrownBy(() ->
                        hub().fetch(ModelId.parse(ID), FetchRequest.defaults().withTimeLimit(Duration.ZERO)))
                .isInstanceOf(HubException.class);
    }

    @Test
    void refuses_names_that_are_one_file_where_case_does_not_count() {
        server.with("CONFIG.json", "{}");
        assertThatThrownBy(() -> fetch(ID)).isInstanceOf(HubException.class).hasMessageContaining("CONFIG.json");
        assertThat(temporary.resolve("cache")).doesNotExist();
    }

    @Test
    void serves_two_threads_at_once() throws Exception {
        var second = new FutureTask<>(() -> fetch(ID));
        new Thread(second).start();
        Snapshot first = fetch(ID);
        assertThat(first.require("model.weights.h5")).hasBinaryContent(weights);
        assertThat(second.get(30, TimeUnit.SECONDS).files()).isEqualTo(first.files());
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void looks_up_the_newest_version() {
        Snapshot snapshot = fetch("kaggle://" + INSTANCE);
        assertThat(snapshot.revision()).isEqualTo("3");
        assertThat(TwoHosts.paths(server.seen("hub")))
                .startsWith(
                        "GET /api/v1/models/" + INSTANCE + "/get",
                        "GET /api/v1/models/" + INSTANCE + "/3/files?page_size=25");
        server.forget();
        assertThat(fetch("kaggle://" + INSTANCE).revision()).isEqualTo("3");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void opens_no_socket_for_a_whole_version() {
        fetch(ID);
        server.close();
        assertThat(fetch(ID).require("config.json")).hasContent("{}");
        assertThat(fetch("kaggle://" + INSTANCE).revision()).isEqualTo("3");
    }

    @Test
    void reads_what_kagglehub_downloaded() throws IOException {
        Path instance = temporary.resolve("cache/models").resolve(INSTANCE);
        Files.createDirectories(instance.resolve("3"));
        Files.writeString(instance.resolve("3/config.json"), "{}");
        Files.createFile(instance.resolve("3.complete"));
        assertThat(fetch(ID).files()).containsExactly("config.json");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void takes_a_file_without_marker_for_unfinished() throws IOException {
        Path instance = temporary.resolve("cache/models").resolve(INSTANCE);
        Files.createDirectories(instance.resolve("3"));
        Files.write(instance.resolve("3/model.weights.h5"), new byte[17]);
        assertThatThrownBy(() -> fetchOffline(ID)).hasMessageContaining("no whole copy of this version");
        assertThat(fetch(ID).require("model.weights.h5")).hasBinaryContent(weights);
    }

    @Test
    void fetches_single_files_without_marking_the_bundle() {
        Snapshot snapshot =
                hub().fetch(ModelId.parse(ID), FetchRequest.defaults().withFiles("config.json"::equals));
        assertThat(snapshot.files()).containsExactly("config.json");
        assertThat(temporary.resolve("cache/models/" + INSTANCE + "/3.complete"))
                .doesNotExist();
        assertThatThrownBy(() -> fetchOffline(ID))
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("offline")
                .hasMessageContaining("lacks assets/tokenizer/vocabulary.txt, empty.txt, model.weights.h5");
        assertThat(fetch(ID).files()).hasSize(4);
    }

    @Test
    void takes_the_archive_where_there_are_many_files() throws IOException {
        for (int i = 0; i < 60; i++) {
            server.with("many/file" + i + ".txt", "text " + i);
        }
        Snapshot snapshot = fetch(ID);
        assertThat(snapshot.files()).hasSize(64);
        assertThat(snapshot.require("many/file59.txt")).hasContent("text 59");
        assertThat(TwoHosts.paths(server.seen("storage")))
                .isNotEmpty()
                .allMatch(path -> path.contains("archive.tar.gz"));
        assertThat(server.seen("hub").stream().filter(seen -> seen.path().contains("/files")))
                .hasSize(3);
        assertThat(snapshot.root().resolveSibling(".complete/3/many/file7.txt.complete"))
                .isEmptyFile();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void unpacks_the_member_of_a_file_that_kaggle_stores_zipped() throws IOException {
        server.zipped("assets/tokenizer/vocabulary.txt");
        assertThat(fetch(ID).require("assets/tokenizer/vocabulary.txt")).hasContent("[PAD]\n");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void chooses_the_files_of_a_transformers_model() {
        try (FakeKaggle other = new FakeKaggle("org/name/transformers/base")) {
            other.with("config.json", "{}")
                    .with("model.safetensors", "x")
                    .with("pytorch_model.bin", "y")
                    .with("run.py", "z");
            variables.put("KAGGLE_API_ENDPOINT", other.hub().toString());
            assertThat(fetch("kaggle://org/name/transformers/base/3").files())
                    .containsExactly("config.json", "model.safetensors");
        }
    }

    @Test
    void sends_a_token_to_kaggle_only() {
        variables.put("KAGGLE_API_TOKEN", "KGAT_secret");
        fetch(ID);
        assertThat(server.seen("hub")).isNotEmpty().allMatch(seen -> "Bearer KGAT_secret".equals(seen.authorization()));
        assertThat(server.seen("storage")).isNotEmpty().allMatch(seen -> seen.authorization() == null);
    }

    @Test
    void finds_credentials_in_the_order_of_the_official_client() throws IOException {
        Path home = Files.createDirectories(temporary.resolve("home/.kaggle"));
        Files.writeString(home.resolve("kaggle.json"), "{\"username\":\"file\",\"key\":\"k1\"}");
        assertThat(authorization()).isEqualTo(basic("file:k1"));
        variables.put("KAGGLE_USERNAME", "user");
        variables.put("KAGGLE_KEY", "k2");
        assertThat(authorization()).isEqualTo(basic("user:k2"));
        Files.writeString(home.resolve("access_token.txt"), "text\n");
        assertThat(authorization()).isEqualTo("Bearer text");
        Files.writeString(home.resolve("access_token"), "plain\n");
        assertThat(authorization()).isEqualTo("Bearer plain");
        Path token = Files.writeString(temporary.resolve("token"), "fromfile\n");
        variables.put("KAGGLE_API_TOKEN", token.toString());
        assertThat(authorization()).isEqualTo("Bearer fromfile");
        variables.put("KAGGLE_API_TOKEN", "direct");
        assertThat(authorization()).isEqualTo("Bearer direct");
        variables.put("KAGGLE_API_V1_TOKEN", token.toString());
        assertThat(authorization()).isEqualTo("Bearer fromfile");
    }

    @Test
    void refuses_a_credentials_file_without_its_keys() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("config"));
        Files.writeString(folder.resolve("kaggle.json"), "{\"username\":\"only\"}");
        variables.put("KAGGLE_CONFIG_DIR", folder.toString());
        assertThatThrownBy(() -> fetch(ID)).hasMessageContaining("must hold texts \"username\" and \"key\"");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void resumes_a_cut_body_where_it_ended() {
        String path = "GET storage /bucket/file/model.weights.h5";
        server.spoil(path, exchange -> false);
        server.spoil(path, TwoHosts.cut(weights, 60_000));
        assertThat(fetch(ID).require("model.weights.h5")).hasBinaryContent(weights);
        assertThat(server.seen("storage").stream()
                        .filter(seen -> seen.path().contains("model.weights"))
                        .map(TwoHosts.Seen::range))
                .containsExactly("bytes=0-0", null, "bytes=60000-");
    }

    @Test
    void publishes_nothing_when_the_md5_is_wrong() throws IOException {
        byte[] other = weights.clone();
        other[5]++;
        String path = "GET storage /bucket/file/model.weights.h5";
        server.spoil(path, exchange -> false);
        server.spoil(path, exchange -> {
            TwoHosts.file(exchange, other);
            return true;
        });
        assertThatThrownBy(() ->
                        hub().fetch(ModelId.parse(ID), FetchRequest.defaults().withFiles("model.weights.h5"::equals)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("model.weights.h5")
                .hasMessageContaining("MD5")
                .hasMessageNotContaining("secret");
        Path instance = temporary.resolve("cache/models").resolve(INSTANCE);
        assertThat(instance.resolve("3/model.weights.h5")).doesNotExist();
        assertThat(instance.resolve("3.complete")).doesNotExist();
        assertThat(instance.resolve(".complete/3/model.weights.h5.complete")).doesNotExist();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void manages_without_digests_and_signed_addresses_that_expire() {
        server.withoutDigests();
        String path = "GET storage /bucket/file/model.weights.h5";
        server.spoil(path, exchange -> false);
        server.spoil(path, TwoHosts.status(403, "<Error><Code>ExpiredToken</Code></Error>"));
        assertThat(fetch(ID).require("model.weights.h5")).hasBinaryContent(weights);
    }

    @Test
    void tries_again_when_kaggle_is_busy() {
        server.spoil(
                "/files", TwoHosts.status(429, "{\"code\":429,\"message\":\"TooManyRequests\"}", "Retry-After", "2"));
        server.spoil("/files", TwoHosts.status(503, ""));
        server.spoil("GET storage", TwoHosts.status(502, ""));
        assertThat(fetch(ID).files()).hasSize(4);
    }

    @Test
    void uses_the_newest_cached_version_when_kaggle_is_down() {
        fetch(ID);
        for (int i = 0; i < 5; i++) {
            server.spoil("/get", TwoHosts.status(503, ""));
        }
        assertThat(fetch("kaggle://" + INSTANCE).revision()).isEqualTo("3");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 5; i++) {
                        server.spoil("/get", TwoHosts.status(503, ""));
                    }
                    hub().fetch(
                                    ModelId.parse("kaggle://" + INSTANCE),
                                    FetchRequest.defaults().withCache(temporary.resolve("new")));
                })
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.isRetriable()).isTrue())
                .hasMessageContaining("not available at the moment");
    }

    @Test
    void offline_opens_no_socket_and_takes_what_the_cache_has() {
        assertThatThrownBy(() -> fetchOffline("kaggle://" + INSTANCE))
                .hasMessageContaining("no whole copy of any version");
        fetch(ID);
        server.newest(12);
        fetch("kaggle://" + INSTANCE + "/12");
        server.forget();
        assertThat(fetchOffline(ID).revision()).isEqualTo("3");
        assertThat(fetchOffline("kaggle://" + INSTANCE).revision()).isEqualTo("12");
        assertThatThrownBy(() -> fetchOffline("kaggle://" + INSTANCE + "/4"))
                .hasMessageContaining("no whole copy of this version");
        assertThat(server.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/evil", "a\\evil", "a//evil", "a\nb"})
    void refuses_names_that_lead_out_of_the_folder(String name) throws IOException {
        server.with(name, "evil");
        assertThatThrownBy(() -> fetch(ID)).isInstanceOf(HubException.class).hasMessageContaining("unsafe name");
        assertThat(Files.exists(temporary.resolve("cache"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kaggle://a/b/c",
                "kaggle://a/b/c/d/e",
                "kaggle://a/../c/d",
                "kaggle://a/b/c/d/1/e",
                "kaggle://a/b/c/ d"
            })
    void refuses_a_handle_of_another_form(String id) {
        assertThatThrownBy(() -> fetch(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kaggle://owner/model/framework/variation");
    }

    private String authorization() {
        server.forget();
        hub().fetch(ModelId.parse("kaggle://" + INSTANCE), FetchRequest.defaults());
        return server.seen("hub").get(0).authorization();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private Snapshot fetchOffline(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults().withOffline(true));
    }

    private KaggleHub hub() {
        return new KaggleHub(Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}));
    }

    private List<Path> leftovers() throws IOException {
        try (var walk = Files.walk(temporary)) {
            return walk.filter(file -> file.toString().matches(".*\\.(tmp|incomplete|zip|members|archive|old)(/.*)?"))
                    .toList();
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
