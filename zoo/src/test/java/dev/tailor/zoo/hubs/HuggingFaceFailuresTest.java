package dev.tailor.zoo.hubs;

import static dev.tailor.zoo.hubs.FakeHuggingFace.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RateLimitException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.hub.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceFailuresTest {
    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final List<Duration> sleeps = new ArrayList<>();
    final FakeHuggingFace server = new FakeHuggingFace("org/name");

    @BeforeEach
    void set_up() {
        server.with("config.json", "{}").with("model.safetensors", "weights");
        variables.put("HF_ENDPOINT", server.hub().toString());
        variables.put("HF_HOME", temporary.toString());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            GET hub /api  | 401 | RepoNotFound     | Invalid username or password. | -     | not found, or is private | NotFound REPOSITORY
            GET hub /api  | 401 | -                | Invalid username or password. | -     | set HF_TOKEN | NotFound REPOSITORY
            GET hub /api  | 401 | -                | Invalid credentials in Authorization header | hf_stale | does not accept the token from the variable HF_TOKEN | NoAccess CREDENTIALS
            GET hub /api  | 404 | RepoNotFound     | Repository not found          | hf_ok | that the token from the variable HF_TOKEN may read it | NotFound REPOSITORY
            GET hub /api  | 404 | RevisionNotFound | Invalid rev id: main          | -     | has no revision "main" | NotFound REVISION
            HEAD hub /org | 404 | EntryNotFound    | Entry not found               | -     | has no file config.json at revision "main" | NotFound FILE
            HEAD hub /org | 401 | GatedRepo        | Please log in.                | -     | is gated: it needs an account | NoAccess CONDITIONS
            HEAD hub /org | 403 | GatedRepo        | not in the authorized list    | hf_ok | has no access yet | NoAccess CONDITIONS
            HEAD hub /org | 403 | -                | Access to this resource is disabled. | - | is disabled on the hub | NoAccess REFUSED
            HEAD hub /org | 403 | -                | nope                          | -     | refuses access without a token | NoAccess REFUSED
            HEAD hub /org | 400 | -                | strange                       | -     | unexpected answer of the hub. [127.0.0.1 answered 400: strange; request Root=1-test] | Hub
            """)
    void explains_what_the_hub_answers(
            String request, int status, String code, String said, String token, String expected, String kind) {
        if (token != null) {
            variables.put("HF_TOKEN", token);
        }
        server.spoil(
                request,
                TwoHosts.status(
                        status,
                        "",
                        code == null ? "X-None" : "X-Error-Code",
                        code == null ? "" : code,
                        "X-Error-Message",
                        said,
                        "X-Request-Id",
                        "Root=1-test"));

        assertThatThrownBy(() -> fetch("hf://org/name"))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.repository()).isEqualTo("org/name");
                    assertThat(e.status()).isEqualTo(status);
                    assertThat(e.url()).startsWith(server.hub().toString()).doesNotContain("?");
                    assertThat(e.isRetriable()).isFalse();
                    assertThat(ErrorKinds.of(e)).isEqualTo(kind);
                })
                .hasMessageContaining("hf://org/name")
                .hasMessageContaining(expected)
                .hasMessageNotContaining("hf_");
    }

    @Test
    void reports_a_hub_that_stays_down_as_retriable() {
        for (int i = 0; i < 5; i++) {
            server.spoil("GET hub /api", TwoHosts.status(503, ""));
        }
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.isRetriable()).isTrue())
                .extracting(ErrorKinds::of)
                .isEqualTo("Unavailable BUSY");
        for (int i = 0; i < 5; i++) {
            server.spoil("GET hub /api", TwoHosts.status(503, ""));
        }
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("not available at the moment");
        assertThat(server.seen()).hasSize(10);
    }

    @Test
    void tells_when_to_come_back_after_too_many_requests() {
        for (int i = 0; i < 5; i++) {
            server.spoil("GET hub /api", TwoHosts.status(429, "", "RateLimit", "\"api\";r=0;t=3000"));
        }
        Instant before = Clock.systemUTC().instant();
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .isInstanceOfSatisfying(RateLimitException.class, e -> {
                    assertThat(e.isRetriable()).isTrue();
                    assertThat(e.retryAt().orElseThrow()).isBetween(before.plusSeconds(3001), before.plusSeconds(3061));
                })
                .hasMessageContaining("Wait 3001 s, or set HF_TOKEN, which raises the limit.");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void waits_as_long_as_the_rate_limit_or_retry_after_says() {
        server.spoil("GET hub /api", TwoHosts.status(429, "", "RateLimit", "\"api\";r=0;t=55", "Retry-After", "3"));
        server.spoil("GET hub /api", TwoHosts.status(429, "", "RateLimit", "\"api\";r=7;t=55", "Retry-After", "12"));
        assertThat(fetch("hf://org/name").revision()).isEqualTo(COMMIT);
        assertThat(sleeps).containsExactly(Duration.ofSeconds(56), Duration.ofSeconds(12));
    }

    @Test
    void passes_on_what_the_hub_warns_of_once_for_each_topic() {
        HuggingFaceWarnings warnings = new HuggingFaceWarnings();
        HubClient client = new HubClient(RetryPolicy.standard(), HubClient.Timeouts.standard());
        List<String> told = new ArrayList<>();
        for (String text : List.of("Old; Update soon.\u0009Now", "Old; again", "New; Moved", "no topic", " ; ")) {
            server.spoil("GET hub /api", TwoHosts.status(200, "{}", "X-HF-Warning", text));
            HubRequest request = HubRequest.get("org/name", server.hub().resolve("/api/x"), null);
            told.addAll(warnings.fresh(client.send(request)));
        }
        assertThat(told).containsExactly("Update soon. Now", "Moved", "no topic");
    }

    @Test
    void reports_an_unreachable_hub() {
        server.close();
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.isRetriable()).isTrue();
                    assertThat(e.status()).isZero();
                    assertThat(ErrorKinds.of(e)).isEqualTo("Unavailable UNREACHABLE");
                })
                .hasMessageContaining("cannot reach 127.0.0.1");
    }

    @Test
    void uses_the_cache_when_the_hub_is_unreachable() {
        fetch("hf://org/name");
        server.close();
        assertThat(fetch("hf://org/name").revision()).isEqualTo(COMMIT);
    }

    @Test
    void does_not_hide_a_refusal_behind_the_cache() {
        fetch("hf://org/name");
        server.spoil("GET hub /api", TwoHosts.status(401, "", "X-Error-Message", "Invalid credentials"));
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("does not accept the token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil.model", "a/../../evil.model", "/etc/evil.model", "a\\..\\evil.model", "a//evil.model"})
    void refuses_a_listing_that_leads_out_of_the_snapshot(String name) throws IOException {
        server.with(name, "evil");
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("unsafe name");
        try (var walk = Files.walk(temporary)) {
            assertThat(walk.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void refuses_an_answer_that_is_no_hub() {
        server.spoil("GET hub /api", TwoHosts.status(200, "{\"hello\":1}"));
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("Is it a Hugging Face hub?");
        server.spoil("GET hub /api", TwoHosts.status(200, "<html>captive portal</html>"));
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("not valid JSON");
        server.spoil("HEAD hub /org", TwoHosts.status(200, "x", "ETag", "\"abc\""));
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("X-Repo-Commit");
    }

    @Test
    void refuses_an_etag_that_is_a_path() {
        server.spoil("HEAD hub /org", TwoHosts.status(200, "x", "ETag", "\"../../evil\"", "X-Repo-Commit", COMMIT));
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("ETag that is no digest");
    }

    @Test
    void refuses_endless_redirects() {
        for (int i = 0; i < 30; i++) {
            server.spoil("GET hub /api", TwoHosts.status(307, "", "Location", "/api/models/org/name/revision/main"));
        }
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("more than 10 redirects");
    }

    @Test
    void refuses_a_body_that_is_longer_than_announced() {
        server.spoil("GET storage", TwoHosts.status(200, "weights and much more"));
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("more than the 7 bytes");
    }

    @RepeatedTest(10)
    void gives_up_when_every_answer_is_cut_without_a_new_byte() {
        for (int i = 0; i < 5; i++) {
            server.spoil("GET storage", TwoHosts.cut("weights".getBytes(), 0));
        }
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .isInstanceOfSatisfying(UnavailableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(UnavailableException.Reason.CUT);
                    assertThat(e.isRetriable()).isTrue();
                })
                .hasMessageStartingWith("org/name/model.safetensors: the download from localhost broke off too often (")
                .hasMessageEndingWith("0 of 7 bytes are kept; fetching again goes on from there.");
        assertThat(server.seen("storage")).hasSize(5);
    }

    @Test
    void never_shows_a_token_that_no_header_can_carry() {
        variables.put("HF_TOKEN", "hf_sec\u00e9ret");
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .hasMessageContaining("the variable HF_TOKEN")
                .hasMessageNotContaining("hf_sec");
    }

    @Test
    void reads_the_token_file_and_obeys_the_switch() throws IOException {
        Files.writeString(temporary.resolve("token"), " hf_file\r\n");
        fetch("hf://org/name");
        assertThat(server.seen("hub")).allMatch(seen -> "Bearer hf_file".equals(seen.authorization()));
        server.forget();
        variables.put("HF_HUB_DISABLE_IMPLICIT_TOKEN", "true");
        fetch("hf://org/name");
        assertThat(server.seen("hub")).isNotEmpty().allMatch(seen -> seen.authorization() == null);
    }

    @Test
    void offline_opens_no_socket_and_says_what_is_missing() {
        variables.put("HF_HUB_OFFLINE", "YES");
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("offline")
                .hasMessageContaining("models--org--name")
                .hasMessageContaining("\"main\"");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void offline_takes_what_the_cache_has() throws IOException {
        fetch("hf://org/name");
        server.forget();
        FetchRequest offline = FetchRequest.defaults().withOffline(true);
        Snapshot snapshot = hub().fetch(ModelId.parse("hf://org/name"), offline);
        assertThat(snapshot.files()).containsExactly("config.json", "model.safetensors");
        Files.delete(snapshot.require("model.safetensors"));
        assertThatThrownBy(() -> hub().fetch(ModelId.parse("hf://org/name"), offline))
                .hasMessageContaining("lacks model.safetensors");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void offline_reads_a_cache_without_listing_and_without_links() throws IOException {
        Path snapshot = temporary.resolve("hub/models--org--name/snapshots/" + COMMIT);
        Files.createDirectories(snapshot);
        Files.writeString(snapshot.resolve("config.json"), "{}");
        Files.createDirectories(temporary.resolve("hub/models--org--name/refs"));
        Files.writeString(temporary.resolve("hub/models--org--name/refs/main"), COMMIT);
        variables.put("TRANSFORMERS_OFFLINE", "1");
        assertThat(fetch("hf://org/name").files()).containsExactly("config.json");
        Files.writeString(
                snapshot.resolve("model.safetensors.index.json"),
                "{\"weight_map\":{\"a\":\"model-00001-of-00001.safetensors\"}}");
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("lacks model-00001-of-00001.safetensors");
    }

    @Test
    void tells_the_digests_of_a_cache_without_listing_by_its_links() throws IOException {
        Path repository = temporary.resolve("hub/models--org--name");
        String blob = FakeHuggingFace.gitBlob("{}".getBytes());
        Files.createDirectories(repository.resolve("snapshots/" + COMMIT + "/sub"));
        Files.createDirectories(repository.resolve("blobs"));
        // Python's shared store: the blob is a link too, and the store's names are other hashes.
        Files.writeString(repository.resolve("stored"), "{}");
        Files.createSymbolicLink(repository.resolve("blobs/" + blob), Path.of("../stored"));
        Files.createSymbolicLink(
                repository.resolve("snapshots/" + COMMIT + "/config.json"), Path.of("../../blobs/" + blob));
        Files.writeString(repository.resolve("snapshots/" + COMMIT + "/sub/plain.txt"), "");
        Snapshot snapshot = hub().fetch(
                        ModelId.parse("hf://org/name@" + COMMIT),
                        FetchRequest.defaults().withOffline(true));
        assertThat(snapshot.digests()).hasToString("{config.json=git blob " + blob + "}");
        assertThat(snapshot.verify()).isEmpty();
    }

    @Test
    void tells_digests_licence_and_hub_of_a_snapshot() throws IOException {
        server.with("README.md", "---\nlicense: apache-2.0\n---\n# Name");
        Snapshot snapshot = fetch("hf://org/name");
        assertThat(snapshot.hub()).isEqualTo("hf");
        assertThat(snapshot.license()).contains("apache-2.0");
        assertThat(snapshot.digests().get("config.json"))
                .hasToString("git blob " + FakeHuggingFace.gitBlob("{}".getBytes()));
        assertThat(snapshot.digests().get("model.safetensors"))
                .hasToString("SHA-256 " + FakeHuggingFace.sha256("weights".getBytes()));
        assertThat(snapshot.verify()).isEmpty();
        Files.delete(snapshot.require("model.safetensors"));
        Files.writeString(snapshot.root().resolve("model.safetensors"), "weightz");
        assertThat(snapshot.verify()).containsOnlyKeys("model.safetensors");
    }

    @Test
    void reads_a_cache_that_cannot_be_written() throws IOException {
        fetch("hf://org/name");
        Path repository = temporary.resolve("hub/models--org--name");
        // Files in the places of folders stop even a user with all rights.
        AtomicFiles.deleteTree(repository.resolve(".tailor"));
        Files.writeString(repository.resolve(".tailor"), "");
        AtomicFiles.deleteTree(repository.resolve(".no_exist"));
        Files.writeString(repository.resolve(".no_exist"), "");
        assertThat(fetch("hf://org/name").files()).containsExactly("config.json", "model.safetensors");
        assertThat(hub().fetch(
                                ModelId.parse("hf://org/name"),
                                FetchRequest.defaults().withOffline(true))
                        .files())
                .containsExactly("config.json", "model.safetensors");
    }

    @Test
    void says_what_to_do_when_the_cache_cannot_be_written() throws IOException {
        Files.createDirectories(temporary.resolve("hub"));
        Files.writeString(temporary.resolve("hub/models--org--name"), "a file");
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .hasMessageContaining(temporary.resolve("hub/models--org--name").toString())
                .hasMessageContaining("a file is where a folder must be");
    }

    @Test
    void refuses_names_that_fall_together_where_case_is_ignored() {
        server.with("VOCAB.txt", "a").with("vocab.txt", "b");
        assertThatThrownBy(() -> hub().fetch(
                                ModelId.parse("hf://org/name"),
                                FetchRequest.defaults().withFiles(name -> true)))
                .hasMessageContaining("differ in case only");
    }

    @Test
    void keeps_to_the_time_limit_of_a_request() {
        for (int i = 0; i < 5; i++) {
            server.spoil("GET hub /api", TwoHosts.status(503, "", "Retry-After", "5"));
        }
        assertThatThrownBy(() -> hub().fetch(
                                ModelId.parse("hf://org/name"),
                                FetchRequest.defaults().withTimeLimit(Duration.ofSeconds(4))))
                .hasMessageContaining("not done within the time limit of 4.0 s")
                .extracting(ErrorKinds::of)
                .isEqualTo("Unavailable TIME_LIMIT");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void reads_answers_that_a_proxy_compressed() {
        server.spoil("GET hub /api", exchange -> {
            var bytes = new java.io.ByteArrayOutputStream();
            try (var gzip = new java.util.zip.GZIPOutputStream(bytes)) {
                gzip.write(("{\"sha\":\"" + COMMIT + "\"}").getBytes());
            }
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            TwoHosts.answer(exchange, 200, bytes.toByteArray());
            return true;
        });
        assertThat(fetch("hf://org/name").revision()).isEqualTo(COMMIT);
        server.spoil("GET hub /api", TwoHosts.status(200, "{}", "Content-Encoding", "br"));
        assertThatThrownBy(() -> fetch("hf://org/name")).hasMessageContaining("coded as \"br\"");
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private HuggingFaceHub hub() {
        return new HuggingFaceHub(
                Environment.of(variables), RetryPolicy.standard().withSleeper(sleeps::add));
    }
}
