package dev.tailor.zoo.hubs;

import static dev.tailor.zoo.hubs.FakeGitHub.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitHubHubTest {
    private static final byte[] WEIGHTS = HuggingFaceHubTest.bytes(200_000);
    private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final FakeGitHub server = new FakeGitHub();

    @BeforeEach
    void set_up() {
        variables.put("TAILOR_HOME", temporary.toString());
        variables.put("GITHUB_API_URL", server.hub() + "/api/");
        variables.put("GITHUB_SERVER_URL", server.hub().toString());
        server.files.put("config.json", CONFIG);
        server.files.put("models/big file.bin", WEIGHTS);
        server.files.put("models/bert/config.json", CONFIG);
        server.files.put("models/bert/train.py", CONFIG);
        server.large.put("models/bert/model.safetensors", WEIGHTS);
        server.assets.add(new FakeGitHub.Asset(7, "model.onnx", WEIGHTS, true, "uploaded"));
        server.assets.add(new FakeGitHub.Asset(8, "config.json", CONFIG, false, "uploaded"));
        server.assets.add(new FakeGitHub.Asset(9, "half.onnx", CONFIG, true, "open"));
        server.assets.add(new FakeGitHub.Asset(10, "model.safetensors", WEIGHTS, true, "uploaded"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void fetches_an_asset_by_the_site_without_a_token() {
        Snapshot snapshot = fetch("github://o/r@v1/model.onnx");
        assertThat(snapshot.files()).containsExactly("model.onnx");
        assertThat(snapshot.require("model.onnx")).hasBinaryContent(WEIGHTS);
        assertThat(snapshot.revision()).isEqualTo(FakeHuggingFace.sha256(WEIGHTS));
        assertThat(TwoHosts.paths(server.seen()))
                .containsExactly(
                        "GET /api/repos/o/r/releases/tags/v1",
                        "GET /o/r/releases/download/v1/model.onnx",
                        "GET /signed/model.onnx?sig=secret",
                        "GET /api/repos/o/r");
        assertThat(snapshot.license()).contains("MIT");
        assertThat(snapshot.digests()).hasToString("{model.onnx=SHA-256 " + FakeHuggingFace.sha256(WEIGHTS) + "}");
        server.forget();
        assertThat(fetch("github://o/r@v1/model.onnx").root()).isEqualTo(snapshot.root());
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void fetches_an_asset_by_the_api_with_a_token_that_stays_at_home() {
        server.token = "ghp_x";
        variables.put("GITHUB_TOKEN", "ghp_x");
        assertThat(fetch("github://o/r@latest/model.onnx").require("model.onnx"))
                .hasBinaryContent(WEIGHTS);
        assertThat(TwoHosts.paths(server.seen("hub")))
                .containsExactly(
                        "GET /api/repos/o/r/releases/tags/latest",
                        "GET /api/repos/o/r/releases/latest",
                        "GET /api/repos/o/r/releases/assets/7",
                        "GET /api/repos/o/r");
        assertThat(server.seen("hub")).allMatch(seen -> "Bearer ghp_x".equals(seen.authorization()));
        assertThat(server.seen("storage")).hasSize(1).allMatch(seen -> seen.authorization() == null);
    }

    @Test
    void takes_an_asset_that_the_api_sends_directly() {
        variables.put("GITHUB_TOKEN", "ghp_x");
        server.spoil("GET hub /api/repos/o/r/releases/assets/7", exchange -> {
            TwoHosts.file(exchange, WEIGHTS);
            return true;
        });
        assertThat(fetch("github://o/r@v1/model.onnx").require("model.onnx")).hasBinaryContent(WEIGHTS);
        assertThat(server.seen("storage")).isEmpty();
    }

    @Test
    void gathers_the_assets_of_a_model() {
        Snapshot snapshot = fetch("github://o/r@v1");
        assertThat(snapshot.files()).containsExactly("config.json", "model.safetensors");
        assertThat(snapshot.require("model.safetensors")).hasBinaryContent(WEIGHTS);
        FetchRequest all = FetchRequest.defaults().withFiles(name -> true);
        assertThat(hub().fetch(ModelId.parse("github://o/r@v1"), all).files())
                .containsExactly("config.json", "model.onnx", "model.safetensors");
    }

    @Test
    void lists_the_assets_when_none_is_of_a_model() {
        server.assets.removeIf(asset -> asset.id() != 7);
        assertThatThrownBy(() -> fetch("github://o/r@v1"))
                .hasMessageContaining("the assets of release v1: model.onnx. Name one of them");
        assertThatThrownBy(() -> fetch("github://o/r@v1/none.onnx"))
                .hasMessageContaining("neither file nor folder none.onnx at commit " + COMMIT)
                .hasMessageContaining("release v1 has no such asset. Its assets: model.onnx.");
    }

    @Test
    void fetches_a_new_asset_of_the_same_name() {
        Path before = fetch("github://o/r@v1/model.onnx").root();
        byte[] other = HuggingFaceHubTest.bytes(300);
        server.assets.set(0, new FakeGitHub.Asset(11, "model.onnx", other, true, "uploaded"));
        assertThat(fetch("github://o/r@v1/model.onnx").require("model.onnx")).hasBinaryContent(other);
        assertThat(before.resolve("model.onnx")).hasBinaryContent(WEIGHTS);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            github://o/r@main/models/big%20file.bin,       main
            github://O/R@feature%2Fx/models/big%20file.bin, feature%2Fx
            github://o/r/models/big%20file.bin,            HEAD
            """)
    void fetches_a_file_of_a_tree(String id, String ref) {
        Snapshot snapshot = fetch(id.replace("O/R", "o/r"));
        assertThat(snapshot.require("big file.bin")).hasBinaryContent(WEIGHTS);
        assertThat(snapshot.revision()).isEqualTo(COMMIT);
        assertThat(snapshot.root()).endsWith(Path.of("o--r/trees/" + COMMIT + "/models"));
        assertThat(TwoHosts.paths(server.seen()))
                .contains("GET /api/repos/o/r/commits/" + ref, "GET /raw/o/r/" + COMMIT + "/models/big%20file.bin");
    }

    @Test
    void fetches_a_folder_and_follows_large_files() {
        server.links.put("models/bert/vocab.txt", "../vocab.txt");
        Snapshot snapshot = fetch("github://o/r@main/models/bert/");
        assertThat(snapshot.files()).containsExactly("config.json", "model.safetensors");
        assertThat(snapshot.require("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(snapshot.digests()).containsOnlyKeys("config.json", "model.safetensors", "train.py");
        assertThat(snapshot.digests().get("model.safetensors"))
                .as("not that of the pointer")
                .hasToString("SHA-256 " + FakeHuggingFace.sha256(WEIGHTS));
        assertThat(fetch("github://o/r@" + COMMIT + "/models/bert/").verify()).isEmpty();
        assertThat(server.posted)
                .containsExactly("{\"operation\":\"download\",\"transfers\":[\"basic\"],\"objects\":[{\"oid\":\""
                        + FakeHuggingFace.sha256(WEIGHTS) + "\",\"size\":200000}],\"hash_algo\":\"sha256\"}");
        assertThat(server.seen("storage"))
                .filteredOn(seen -> seen.path().startsWith("/lfs/"))
                .singleElement()
                .satisfies(seen -> assertThat(seen.authorization()).isEqualTo("RemoteAuth lfs-secret"));
        assertThat(server.seen("storage"))
                .filteredOn(seen -> seen.path().startsWith("/raw/"))
                .allMatch(seen -> seen.authorization() == null);
        FetchRequest all = FetchRequest.defaults().withFiles(name -> true);
        assertThat(hub().fetch(ModelId.parse("github://o/r@main/models/bert"), all)
                        .files())
                .containsExactly("config.json", "model.safetensors", "train.py");
    }

    @Test
    void uses_the_token_for_blobs_and_for_large_files() {
        variables.put("GH_ENTERPRISE_TOKEN", "ghp_x");
        variables.put("GITHUB_TOKEN", "not this one");
        assertThat(fetch("github://o/r@main/models/bert").require("model.safetensors"))
                .hasBinaryContent(WEIGHTS);
        String basic =
                "Basic " + Base64.getEncoder().encodeToString("x-access-token:ghp_x".getBytes(StandardCharsets.UTF_8));
        assertThat(server.seen("hub"))
                .allSatisfy(seen -> assertThat(seen.authorization())
                        .isEqualTo(seen.method().equals("POST") ? basic : "Bearer ghp_x"));
        assertThat(server.seen("storage"))
                .extracting(TwoHosts.Seen::authorization)
                .containsExactly("RemoteAuth lfs-secret");
    }

    @Test
    void resumes_a_large_file_at_a_second_address() {
        server.spoil("GET storage /lfs/", TwoHosts.cut(WEIGHTS, 100_000));
        server.spoil("GET storage /lfs/", TwoHosts.status(403, "Request has expired"));
        assertThat(fetch("github://o/r@main/models/bert").require("model.safetensors"))
                .hasBinaryContent(WEIGHTS);
        assertThat(server.posted).hasSize(2);
        assertThat(server.seen("storage").get(server.seen("storage").size() - 1).range())
                .matches("bytes=[1-9][0-9]*-");
    }

    @Test
    void opens_no_socket_for_a_commit_that_is_there() {
        Snapshot snapshot = fetch("github://o/r@" + COMMIT + "/models/bert");
        assertThat(TwoHosts.paths(server.seen())).first().asString().contains("/git/trees/" + COMMIT);
        server.forget();
        assertThat(fetch("github://o/r@" + COMMIT + "/models/bert").root()).isEqualTo(snapshot.root());
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void walks_down_where_a_listing_is_cut_short() {
        server.truncated = true;
        assertThat(fetch("github://o/r@main/models/bert").files()).containsExactly("config.json", "model.safetensors");
        assertThat(fetch("github://o/r@main/models/big%20file.bin").require("big file.bin"))
                .hasBinaryContent(WEIGHTS);
        assertThatThrownBy(() -> fetch("github://o/r@main")).hasMessageContaining("Name a folder that holds fewer");
        assertThatThrownBy(() -> fetch("github://o/r@main/models/none/x"))
                .hasMessageContaining("neither file nor folder");
    }

    @Test
    void offline_takes_what_is_there_and_names_what_is_missing() throws Exception {
        FetchRequest offline = FetchRequest.defaults().withOffline(true);
        ModelId folder = ModelId.parse("github://o/r@main/models/bert");
        ModelId asset = ModelId.parse("github://o/r@v1/model.onnx");
        assertThatThrownBy(() -> hub().fetch(folder, offline))
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("offline")
                .hasMessageContaining("o--r")
                .hasMessageContaining("\"main\"");
        assertThat(server.seen()).isEmpty();
        fetch(folder.toString());
        fetch(asset.toString());
        server.forget();
        Snapshot snapshot = hub().fetch(folder, offline);
        assertThat(snapshot.files()).containsExactly("config.json", "model.safetensors");
        assertThat(hub().fetch(asset, offline).require("model.onnx")).hasBinaryContent(WEIGHTS);
        Files.delete(snapshot.require("model.safetensors"));
        assertThatThrownBy(() -> hub().fetch(folder, offline))
                .hasMessageContaining("lacks models/bert/model.safetensors");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void uses_the_cache_when_github_cannot_be_reached() {
        Path root = fetch("github://o/r@main/models/bert").root();
        server.close();
        assertThat(fetch("github://o/r@main/models/bert").root()).isEqualTo(root);
    }

    @Test
    void finds_the_servers_and_tokens_as_gh_does() {
        assertThat(settings())
                .extracting(GitHubSettings::api, GitHubSettings::web, GitHubSettings::raw, GitHubSettings::tokenSource)
                .containsExactly(
                        URI.create("https://api.github.com"),
                        URI.create("https://github.com"),
                        URI.create("https://raw.githubusercontent.com"),
                        null);
        assertThat(settings("GITHUB_TOKEN", "a", "GH_TOKEN", "b").tokenSource()).isEqualTo("the variable GH_TOKEN");
        GitHubSettings enterprise =
                settings("GH_HOST", "Git.example", "GITHUB_TOKEN", "a", "GITHUB_ENTERPRISE_TOKEN", "b");
        assertThat(enterprise.api()).hasToString("https://git.example/api/v3");
        assertThat(enterprise.raw()).isNull();
        assertThat(enterprise.tokenSource()).isEqualTo("the variable GITHUB_ENTERPRISE_TOKEN");
        assertThat(settings("GH_HOST", "git.example", "GITHUB_TOKEN", "a").credentials())
                .isNull();
        assertThat(settings("GH_HOST", "acme.ghe.com", "GH_TOKEN", "a").api()).hasToString("https://api.acme.ghe.com");
        assertThatThrownBy(() -> settings("GH_HOST", "https://x/"))
                .hasMessageContaining("GH_HOST must be the name of a host");
        assertThatThrownBy(() -> settings("GITHUB_API_URL", "ftp://x")).hasMessageContaining("GITHUB_API_URL must be");
    }

    private static GitHubSettings settings(String... variables) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            map.put(variables[i], variables[i + 1]);
        }
        return GitHubSettings.read(Environment.of(map), null);
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private GitHubHub hub() {
        return new GitHubHub(
                Environment.of(variables),
                RetryPolicy.standard().withSleeper(time -> {}),
                server.storage().resolve("/raw"),
                Clock.systemUTC());
    }
}
