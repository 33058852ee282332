package dev.tailor.zoo.hubs;

import static dev.tailor.zoo.hubs.FakeGitHub.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RateLimitException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.hub.VerificationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubFailuresTest {
    private static final byte[] WEIGHTS = HuggingFaceHubTest.bytes(200_000);
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String FILE = "github://o/r@main/model.bin";
    private static final String LARGE = "github://o/r@main/large.bin";

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final List<Duration> sleeps = Collections.synchronizedList(new ArrayList<>());
    final FakeGitHub server = new FakeGitHub();

    @BeforeEach
    void set_up() {
        variables.put("TAILOR_HOME", temporary.toString());
        variables.put("GITHUB_API_URL", server.hub() + "/api");
        variables.put("GITHUB_SERVER_URL", server.hub().toString());
        server.files.put("model.bin", WEIGHTS);
        server.files.put("small.txt", new byte[] {1});
        server.large.put("large.bin", WEIGHTS);
        server.assets.add(new FakeGitHub.Asset(7, "model.onnx", WEIGHTS, true, "uploaded"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            /commits/ | 401 | Bad credentials        | ghp_x | does not accept the token from the variable GITHUB_TOKEN | NoAccess CREDENTIALS
            /commits/ | 401 | Requires authentication | -    | needs a login. Set GITHUB_TOKEN | NoAccess CREDENTIALS
            /commits/ | 404 | Not Found              | -     | the repository was not found, or is private. Check the spelling; for a private | NotFound REPOSITORY
            /commits/ | 404 | Not Found              | ghp_x | that the token from the variable GITHUB_TOKEN may read it | NotFound REPOSITORY
            /commits/ | 403 | Resource not accessible | ghp_x | it needs the right to read contents | NoAccess REFUSED
            /commits/ | 403 | Forbidden              | -     | refuses access to the tag, branch or commit "main" without a token | NoAccess REFUSED
            /commits/ | 409 | Git Repository is empty. | -   | the repository is empty | NotFound FILE
            /commits/ | 422 | No commit found for SHA: main | - | the tag, branch or commit "main" does not exist | NotFound REVISION
            /commits/ | 451 | Repository access blocked | -  | blocked for legal reasons | NoAccess REFUSED
            /trees/   | 418 | teapot                 | -     | unexpected answer of GitHub. [127.0.0.1 answered 418: teapot; request AB:CD] | Hub
            /releases/tags | 401 | Bad credentials   | ghp_x | does not accept the token | NoAccess CREDENTIALS
            /raw/     | 404 | 404: Not Found         | -     | the file model.bin was not found | NotFound FILE
            """)
    void explains_what_github_answers(
            String path, int status, String said, String token, String expected, String kind) {
        if (token != null) {
            variables.put("GITHUB_TOKEN", token);
        }
        server.spoil(path, TwoHosts.status(status, "{\"message\":\"" + said + "\"}", "X-GitHub-Request-Id", "AB:CD"));
        assertThatThrownBy(() -> fetch(FILE))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.repository()).isEqualTo("o/r");
                    assertThat(e.status()).isEqualTo(status);
                    assertThat(e.isRetriable()).isFalse();
                    assertThat(ErrorKinds.of(e)).isEqualTo(kind);
                })
                .hasMessageContaining("github://o/r: ")
                .hasMessageContaining(expected)
                .hasMessageNotContaining("ghp_");
    }

    @Test
    void asks_for_single_sign_on() {
        variables.put("GITHUB_TOKEN", "ghp_x");
        server.spoil("/commits/", TwoHosts.status(403, "{}", "X-GitHub-SSO", "required; url=https://x"));
        assertThatThrownBy(() -> fetch(FILE))
                .hasMessageContaining("single sign-on")
                .hasMessageContaining("GITHUB_TOKEN");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429})
    void tells_when_the_rate_limit_ends(int status) {
        for (int i = 0; i < 5; i++) {
            server.spoil("/commits/", limited(status, NOW.plusSeconds(1500)));
        }
        assertThatThrownBy(() -> fetch(FILE))
                .isInstanceOfSatisfying(RateLimitException.class, e -> {
                    assertThat(e.isRetriable()).isTrue();
                    assertThat(e.retryAt()).contains(NOW.plusSeconds(1501));
                })
                .hasMessageContaining("the rate limit of 60 requests an hour is used up until 2027-01-15T08:25:00Z")
                .hasMessageContaining("for 26 minutes")
                .hasMessageContaining("Set GITHUB_TOKEN, which raises the limit");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 429})
    void waits_for_a_rate_limit_that_ends_soon_and_for_a_secondary_one(int status) {
        server.spoil("/commits/", limited(status, NOW.plusSeconds(40)));
        server.spoil("/trees/", TwoHosts.status(status, secondary(), "Retry-After", "50"));
        assertThat(fetch(FILE).require("model.bin")).hasBinaryContent(WEIGHTS);
        assertThat(sleeps).containsExactly(Duration.ofSeconds(41), Duration.ofSeconds(50));
        for (int i = 0; i < 7; i++) {
            server.spoil("/commits/", TwoHosts.status(status, secondary()));
        }
        assertThatThrownBy(() -> fetch("github://o/r@v2/model.bin"))
                .hasMessageContaining("secondary rate limit against bursts is reached. Wait 60 s.");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            github://o/r@main/model.bin, /blobs/
            github://o/r@main/large.bin, /batch
            github://o/r@v1/model.onnx,  /releases/assets/
            """)
    void waits_for_a_rate_limit_of_files_too(String id, String path) {
        variables.put("GITHUB_TOKEN", "ghp_x");
        server.spoil(path, limited(403, NOW.plusSeconds(20)));
        server.spoil(path, TwoHosts.status(403, "{}", "Retry-After", "30"));
        assertThat(fetch(id).files()).hasSize(1);
        assertThat(sleeps).containsExactly(Duration.ofSeconds(21), Duration.ofSeconds(30));
    }

    @Test
    void uses_the_cache_while_the_rate_limit_is_used_up() {
        Path root = fetch(FILE).root();
        server.spoil("/releases/tags", limited(403, NOW.plusSeconds(1500)));
        assertThat(fetch(FILE).root()).isEqualTo(root);
    }

    @Test
    void tries_again_and_resumes() {
        server.spoil("GET hub /api/repos/o/r/commits", TwoHosts.status(503, ""));
        server.spoil("GET storage /raw/", TwoHosts.status(429, "", "Retry-After", "9"));
        server.spoil("GET storage /raw/", TwoHosts.cut(WEIGHTS, 120_000));
        assertThat(fetch(FILE).require("model.bin")).hasBinaryContent(WEIGHTS);
        assertThat(sleeps).contains(Duration.ofSeconds(9));
        server.spoil("GET storage /signed/", TwoHosts.cut(WEIGHTS, 120_000));
        assertThat(fetch("github://o/r@v1/model.onnx").require("model.onnx")).hasBinaryContent(WEIGHTS);
        assertThat(server.seen("storage"))
                .filteredOn(seen -> seen.range() != null)
                .extracting(seen -> seen.path().replaceAll("\\?.*", ""))
                .containsExactly("/raw/o/r/" + COMMIT + "/model.bin", "/signed/model.onnx");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            github://o/r@main/model.bin,  /raw/,    git blob
            github://o/r@main/small.txt,  /raw/,    git blob
            github://o/r@main/large.bin,  storage /lfs/, SHA-256
            github://o/r@v1/model.onnx,   /signed/, SHA-256
            """)
    void publishes_nothing_with_another_digest(String id, String path, String digest) throws IOException {
        byte[] other = id.endsWith(".txt") ? new byte[] {2} : WEIGHTS.clone();
        other[0]++;
        server.spoil(path, exchange -> {
            TwoHosts.file(exchange, other);
            return true;
        });
        assertThatThrownBy(() -> fetch(id))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("expected " + digest)
                .hasMessageContaining("Nothing was kept");
        try (var walk = Files.walk(temporary)) {
            assertThat(walk.filter(Files::isRegularFile))
                    .allMatch(file -> file.toString().endsWith(".lock"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.bin", "a/../../evil.bin", "/etc/evil.bin", "a\\evil.bin", "a//evil.bin"})
    void refuses_names_that_lead_out_of_the_snapshot(String name) throws IOException {
        server.files.put(name, WEIGHTS);
        assertThatThrownBy(() -> fetch("github://o/r@main")).hasMessageContaining("unsafe name");
        server.assets.add(new FakeGitHub.Asset(8, name, WEIGHTS, true, "uploaded"));
        assertThatThrownBy(() -> fetch("github://o/r@v1/model.onnx")).hasMessageContaining("unsafe name");
        try (var walk = Files.walk(temporary)) {
            assertThat(walk.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void refuses_names_that_are_one_file_where_case_does_not_count() {
        server.files.put("sub/A.txt", new byte[] {1});
        server.files.put("sub/a.txt", new byte[] {2});
        server.assets.add(new FakeGitHub.Asset(8, "Model.onnx", WEIGHTS, true, "uploaded"));
        FetchRequest all = FetchRequest.defaults().withFiles(name -> true);
        for (String id : List.of("github://o/r@main/sub", "github://o/r@v1")) {
            assertThatThrownBy(() -> fetch(id, all))
                    .isInstanceOf(HubException.class)
                    .hasMessageContaining("github://o/r: ")
                    .hasMessageContaining("differ in case only");
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void refuses_a_symbolic_link() {
        server.links.put("link.bin", "/etc/passwd");
        assertThatThrownBy(() -> fetch("github://o/r@main/link.bin")).hasMessageContaining("is a symbolic link");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | {"objects":[{"oid":"OID","size":1,"error":{"code":410,"message":"Object was removed"}}]} | Object was removed (410) | NotFound FILE
            200 | {"objects":[]}                                                             | no download is offered | NotFound FILE
            200 | {"objects":[{"oid":"OID","actions":{"download":{"href":"file:///etc/passwd"}}}]} | that is not used | Hub
            200 | {"objects":[{"oid":"OID","actions":{"download":{"href":"http://h/","header":{"A":"b\\u000ac"}}}}]} | that is not used | Hub
            403 | {"message":"This repository is over its data quota."}                      | data quota for Git LFS is used up | Hub
            404 | {"message":"Not Found"}                                                    | the Git LFS object of large.bin was not found | NotFound FILE
            509 | {"message":"bandwidth"}                                                    | bandwidth for Git LFS is used up | Hub
            """)
    void explains_why_a_large_file_cannot_be_had(int status, String body, String expected, String kind) {
        server.spoil("/batch", TwoHosts.status(status, body.replace("OID", FakeHuggingFace.sha256(WEIGHTS))));
        assertThatThrownBy(() -> fetch(LARGE))
                .hasMessageContaining(expected)
                .extracting(ErrorKinds::of)
                .isEqualTo(kind);
    }

    @Test
    void asks_for_a_large_file_again_and_at_its_new_place() {
        server.spoil("/batch", TwoHosts.status(502, ""));
        server.spoil("/batch", TwoHosts.status(301, "", "Location", server.hub() + "/o/r.git/info/lfs/objects/batch"));
        assertThat(fetch(LARGE).require("large.bin")).hasBinaryContent(WEIGHTS);
        assertThat(sleeps).hasSize(1);
    }

    @Test
    void tells_pointers_from_other_small_files() {
        String good = FakeGitHub.pointer(WEIGHTS);
        assertThat(GitLfs.pointer(good.getBytes(StandardCharsets.UTF_8)))
                .contains(new GitLfs.Pointer(FakeHuggingFace.sha256(WEIGHTS), 200_000));
        String old = good.replace("git-lfs.github.com", "hawser.github.com").replace("oid", "ext-0-x sha256:1\noid");
        assertThat(GitLfs.pointer(old.getBytes(StandardCharsets.UTF_8))).isPresent();
        for (String other : List.of(
                "",
                "text",
                good.replace("sha256", "md5"),
                good.substring(0, 80),
                "x" + good,
                good + " ".repeat(1000))) {
            assertThat(GitLfs.pointer(other.getBytes(StandardCharsets.UTF_8))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "github://owner",
                "github://-o/r",
                "github://o/../x",
                "github://o/r@/x",
                "github://o/r@a..b/x",
                "github://o/r@%zz/x",
                "github://o/r@main/../x",
                "github://o/r@main/a%2Fb",
                "github://o/r@a b/x"
            })
    void refuses_wrong_ids(String id) {
        assertThatThrownBy(() -> fetch(id))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(id)
                .hasMessageContaining("Write github://owner/repo@tag/asset");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void refuses_an_answer_that_is_not_githubs() {
        server.spoil("/commits/", TwoHosts.status(200, "<html>captive portal</html>"));
        assertThatThrownBy(() -> fetch(FILE)).hasMessageContaining("Is it GitHub's API?");
        server.spoil("/trees/", TwoHosts.status(200, "{}"));
        assertThatThrownBy(() -> fetch(FILE)).hasMessageContaining("no array \"tree\"");
        server.spoil("/releases/tags", TwoHosts.status(200, "{\"tag_name\":\"main\"}"));
        assertThatThrownBy(() -> fetch(FILE)).hasMessageContaining("no assets");
    }

    private static TwoHosts.Fault limited(int status, Instant reset) {
        return TwoHosts.status(
                status,
                "{\"message\":\"API rate limit exceeded for 1.2.3.4.\"}",
                "X-RateLimit-Limit",
                "60",
                "X-RateLimit-Remaining",
                "0",
                "X-RateLimit-Reset",
                String.valueOf(reset.getEpochSecond()));
    }

    private static String secondary() {
        return "{\"message\":\"You have exceeded a secondary rate limit.\"}";
    }

    private Snapshot fetch(String id) {
        return fetch(id, FetchRequest.defaults());
    }

    private Snapshot fetch(String id, FetchRequest request) {
        GitHubHub hub = new GitHubHub(
                Environment.of(variables),
                RetryPolicy.standard().withSleeper(sleeps::add),
                server.storage().resolve("/raw"),
                Clock.fixed(NOW, ZoneOffset.UTC));
        return hub.fetch(ModelId.parse(id), request);
    }
}
