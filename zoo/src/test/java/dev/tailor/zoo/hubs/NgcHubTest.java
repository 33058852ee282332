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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NgcHubTest {
    private static final String ID = "ngc://nvidia/tao/peoplenet:1.0";

    @TempDir
    Path temporary;

    final byte[] weights = bytes(200_000);
    final Map<String, String> variables = new HashMap<>();
    final FakeNgc server = new FakeNgc("nvidia", "tao", "peoplenet");

    @BeforeEach
    void set_up() {
        server.with("model.onnx", weights).with("config/labels.txt", "person\n").with("a b+c.txt", "odd name");
        variables.put("HOME", temporary.resolve("home").toString());
        variables.put("XDG_CACHE_HOME", temporary.resolve("cache").toString());
        variables.put("NGC_API_ENDPOINT", server.hub().toString());
        variables.put("NGC_AUTH_ENDPOINT", server.hub().toString());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void serves_guests_with_verified_files() throws IOException {
        Snapshot snapshot = fetch(ID);
        assertThat(snapshot.root()).isEqualTo(temporary.resolve("cache/ngc/ngc/nvidia/tao/models/peoplenet/1.0"));
        assertThat(snapshot.revision()).isEqualTo("1.0");
        assertThat(snapshot.files()).containsExactly("a b+c.txt", "config/labels.txt", "model.onnx");
        assertThat(snapshot.require("model.onnx")).hasBinaryContent(weights);
        assertThat(server.seen()).allMatch(seen -> seen.authorization() == null);
        assertThat(leftovers()).isEmpty();
        server.close();
        assertThat(fetch(ID).files()).hasSize(3);
    }

    @Test
    void reads_every_page_of_the_listing() {
        server.pagesOf(1);
        assertThat(fetch(ID).files()).hasSize(3);
        variables.put("NGC_API_KEY", "nvapi-secret");
        variables.put("XDG_CACHE_HOME", temporary.resolve("other").toString());
        assertThat(fetch(ID).files()).hasSize(3);
    }

    @Test
    void sends_a_personal_key_to_the_catalogue_only() {
        variables.put("NGC_API_KEY", "nvapi-secret");
        server.withoutGuests();
        assertThat(fetch(ID).require("model.onnx")).hasBinaryContent(weights);
        assertThat(server.seen("hub").stream().filter(seen -> seen.path().startsWith("/v2/org/")))
                .isNotEmpty()
                .allMatch(seen -> "Bearer nvapi-secret".equals(seen.authorization()));
        assertThat(server.seen("storage")).isNotEmpty().allMatch(seen -> seen.authorization() == null);
    }

    @Test
    void exchanges_a_legacy_key_for_a_token() {
        variables.put("NGC_CLI_API_KEY", "legacy");
        server.accepting("short-lived").withoutGuests();
        assertThat(fetch(ID).files()).hasSize(3);
        assertThat(TwoHosts.paths(server.seen("hub"))).startsWith("GET /token?service=ngc&scope=group/ngc:nvidia/tao");
        assertThat(server.seen("hub").get(1).authorization()).isEqualTo("Bearer short-lived");
    }

    @Test
    void tries_the_other_scopes_and_renews_a_token_once() {
        variables.put("NGC_API_KEY", "legacy");
        server.accepting("short-lived").withoutGuests();
        server.spoil("GET hub /token", TwoHosts.status(400, "{}"));
        server.spoil("/v2/org/", TwoHosts.status(401, "{\"requestStatus\":{\"statusCode\":\"UNAUTHORIZED\"}}"));
        assertThat(fetch(ID).files()).hasSize(3);
        assertThat(server.seen("hub").stream().filter(seen -> seen.path().startsWith("/token")))
                .hasSize(3);
    }

    @Test
    void finds_the_key_in_the_file_of_the_command_line_tool() throws IOException {
        server.withoutGuests();
        Path config = Files.createDirectories(temporary.resolve("home/.ngc")).resolve("config");
        Files.writeString(
                config, "[CURRENT]\napikey = nvapi-secret\nformat_type = ascii\norg = nvidia\nteam = no-team\n");
        assertThat(fetch(ID).files()).hasSize(3);
        Files.writeString(config, "{\"apiKey\":\"nvapi-secret\"}");
        variables.put("XDG_CACHE_HOME", temporary.resolve("other").toString());
        assertThat(fetch(ID).files()).hasSize(3);
        Files.writeString(config, "[CURRENT]\norg = nvidia\n");
        variables.put("XDG_CACHE_HOME", temporary.resolve("third").toString());
        assertThatThrownBy(() -> fetch(ID)).hasMessageContaining("not open to guests");
    }

    @Test
    void takes_the_digests_for_guests_also_with_a_key() {
        variables.put("NGC_API_KEY", "nvapi-secret");
        byte[] other = weights.clone();
        other[9]++;
        server.spoil("GET storage /signed/model.onnx", exchange -> {
            TwoHosts.file(exchange, other);
            return true;
        });
        assertThatThrownBy(() -> fetch(ID))
                .hasMessageContaining("model.onnx")
                .hasMessageContaining("SHA-256")
                .hasMessageNotContaining("secret");
        assertThat(temporary.resolve("cache/ngc/ngc/nvidia/tao/models/peoplenet/1.0/model.onnx"))
                .doesNotExist();
    }

    @Test
    void reads_the_file_of_checksums_where_nothing_is_listed() {
        variables.put("NGC_API_KEY", "nvapi-secret");
        server.withoutListing().withoutGuests();
        byte[] other = weights.clone();
        other[1000]++;
        server.spoil("GET storage /signed/model.onnx", exchange -> {
            TwoHosts.file(exchange, other);
            return true;
        });
        assertThatThrownBy(() -> fetch(ID)).hasMessageContaining("expected BLAKE3 " + FakeNgc.blake3(weights));
        Snapshot snapshot = fetch(ID);
        assertThat(snapshot.require("model.onnx")).hasBinaryContent(weights);
        assertThat(snapshot.digests().get("model.onnx")).hasToString("BLAKE3 " + FakeNgc.blake3(weights));
        server.forget();
        assertThat(fetch(ID).files()).hasSize(3);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void refuses_names_that_are_one_file_where_case_does_not_count() {
        server.with("MODEL.onnx", "x");
        assertThatThrownBy(() -> fetch(ID))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("differ in case only");
        assertThat(temporary.resolve("cache")).doesNotExist();
    }

    @Test
    void asks_in_the_form_with_redirect_where_the_older_one_fails() {
        server.inTheFormWithRedirect();
        assertThat(fetch(ID).require("a b+c.txt")).hasContent("odd name");
        variables.put("NGC_API_KEY", "nvapi-secret");
        variables.put("XDG_CACHE_HOME", temporary.resolve("other").toString());
        server.spoil("GET storage", TwoHosts.status(403, "expired"));
        assertThat(fetch(ID).files()).hasSize(3);
    }

    @Test
    void looks_up_the_latest_version() {
        assertThat(fetch("ngc://nvidia/tao/peoplenet").revision()).isEqualTo("1.0");
        variables.put("NGC_API_KEY", "nvapi-secret");
        assertThat(fetch("ngc://nvidia/tao/peoplenet").revision()).isEqualTo("1.0");
    }

    @Test
    void takes_one_file_or_one_folder() {
        assertThat(fetch(ID + "/model.onnx").files()).containsExactly("model.onnx");
        assertThat(fetch(ID + "/config").files()).containsExactly("config/labels.txt", "model.onnx");
        assertThatThrownBy(() -> fetch(ID + "/none.bin"))
                .hasMessageContaining("no file that was asked for")
                .hasMessageContaining("model.onnx");
    }

    @Test
    void resumes_a_cut_body_and_waits_for_a_busy_hub() {
        server.spoil("GET storage /signed/model.onnx", TwoHosts.cut(weights, 70_000));
        server.spoil("GET hub /v2", TwoHosts.status(429, "", "Retry-After", "1"));
        server.spoil("GET hub /v2", TwoHosts.status(503, ""));
        assertThat(fetch(ID).require("model.onnx")).hasBinaryContent(weights);
        assertThat(server.seen("storage").stream()
                        .filter(seen -> seen.path().contains("model.onnx"))
                        .map(TwoHosts.Seen::range))
                .containsExactly(null, "bytes=70000-");
    }

    @Test
    void asks_again_when_a_signed_address_has_expired() {
        variables.put("NGC_API_KEY", "nvapi-secret");
        server.spoil("GET storage /signed/model.onnx", TwoHosts.status(403, "expired"));
        assertThat(fetch(ID).require("model.onnx")).hasBinaryContent(weights);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            401 | UNAUTHORIZED    | -            | is not open to guests | NoAccess CREDENTIALS
            403 | FORBIDDEN       | -            | create a personal key | NoAccess CREDENTIALS
            404 | NOT_FOUND       | -            | was not found | NotFound REPOSITORY
            400 | INVALID_REQUEST | -            | unexpected answer of NGC | Hub
            401 | UNAUTHORIZED    | nvapi-secret | does not accept the key from the variable NGC_API_KEY for the organisation nvidia | NoAccess CREDENTIALS
            403 | FORBIDDEN       | nvapi-secret | its terms must be accepted first on https://catalog.ngc.nvidia.com/orgs/nvidia/teams/tao/models/peoplenet | NoAccess REFUSED
            404 | NOT_FOUND       | nvapi-secret | was not found | NotFound REPOSITORY
            """)
    void explains_what_ngc_answers(int status, String code, String key, String expected, String kind) {
        if (key != null) {
            variables.put("NGC_API_KEY", key);
        }
        for (int i = 0; i < 4; i++) {
            server.spoil("GET hub /v2", exchange -> {
                FakeNgc.refuse(exchange, status, code, "no such thing");
                return true;
            });
        }
        assertThatThrownBy(() -> fetch(ID))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.status()).isEqualTo(status);
                    assertThat(ErrorKinds.of(e)).isEqualTo(kind);
                })
                .hasMessageContaining("ngc://nvidia/tao/peoplenet:1.0")
                .hasMessageContaining(expected)
                .hasMessageContaining("no such thing")
                .hasMessageNotContaining("nvapi-secret");
    }

    @Test
    void finds_an_error_under_200_and_refuses_what_is_no_listing() {
        for (int i = 0; i < 2; i++) {
            server.spoil("GET hub /v2", exchange -> {
                FakeNgc.refuse(exchange, 200, "FORBIDDEN", "terms");
                return true;
            });
        }
        assertThatThrownBy(() -> fetch(ID))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(403));
        server.spoil("GET hub /v2", TwoHosts.status(200, "{\"urls\":[\"https://x/y\"],\"filepath\":[]}"));
        assertThatThrownBy(() -> fetch(ID)).hasMessageContaining("they must be as many");
        server.spoil("GET hub /v2", TwoHosts.status(200, "<html>"));
        assertThatThrownBy(() -> fetch(ID)).hasMessageContaining("not valid JSON");
        for (int i = 0; i < 2; i++) {
            server.spoil(
                    "GET hub /v2",
                    TwoHosts.status(
                            200, "{\"modelFiles\":[{\"path\":\"a\"}],\"paginationInfo\":{\"totalPages\":999999}}"));
        }
        assertThatThrownBy(() -> fetch(ID)).hasMessageContaining("has no end");
    }

    @Test
    void says_when_a_legacy_key_gives_no_token() {
        variables.put("NGC_API_KEY", "mistyped");
        assertThatThrownBy(() -> fetch(ID))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(401))
                .hasMessageContaining("gives no token for the key from the variable NGC_API_KEY")
                .hasMessageNotContaining("mistyped;");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/evil", "a\\evil"})
    void refuses_names_that_lead_out_of_the_folder(String name) {
        server.with(name, "evil");
        assertThatThrownBy(() -> fetch(ID)).hasMessageContaining("unsafe name");
        assertThat(temporary.resolve("cache")).doesNotExist();
    }

    @Test
    void offline_opens_no_socket_and_names_what_is_missing() {
        FetchRequest offline = FetchRequest.defaults().withOffline(true);
        assertThatThrownBy(() -> hub().fetch(ModelId.parse(ID), offline))
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("does not hold it");
        assertThatThrownBy(() -> hub().fetch(ModelId.parse("ngc://nvidia/tao/peoplenet"), offline))
                .hasMessageContaining("has no whole version of it");
        fetch(ID + "/model.onnx");
        server.forget();
        assertThatThrownBy(() -> hub().fetch(ModelId.parse(ID), offline))
                .hasMessageContaining("lacks a b+c.txt, config/labels.txt");
        assertThat(hub().fetch(ModelId.parse(ID + "/model.onnx"), offline).files())
                .containsExactly("model.onnx");
        assertThat(hub().fetch(ModelId.parse("ngc://nvidia/tao/peoplenet:1.0/model.onnx"), offline)
                        .revision())
                .isEqualTo("1.0");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void reads_ids_in_the_forms_of_nvidias_clients() {
        NgcId id = new NgcId("nvidia", "tao", "models", "peoplenet", "1.0", "");
        for (String text : List.of(
                "nvidia/tao/peoplenet:1.0",
                "nvidia/tao/peoplenet@1.0",
                "models/nvidia/tao/peoplenet@1.0",
                "nvidia/tao/models/peoplenet:1.0")) {
            assertThat(NgcId.parse(text)).isEqualTo(id);
        }
        assertThat(NgcId.parse("nvidia/bert:2")).isEqualTo(new NgcId("nvidia", "", "models", "bert", "2", ""));
        assertThat(NgcId.parse("nvidia/no-team/bert:2").team()).isEmpty();
        assertThat(NgcId.parse("nvidia/resources/notebook").kind()).isEqualTo("resources");
        assertThat(NgcId.parse("nvidia/bert:v1.0/a/b.txt").path()).isEqualTo("a/b.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ngc://x", "ngc://a/b/c/d:1", "ngc://a/b:", "ngc://a/../b:1", "ngc://a/b:1/../x y:z:"})
    void refuses_an_id_of_another_form(String id) {
        try {
            fetch(id);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("ngc://org/team/model:version");
            return;
        } catch (HubException e) {
            assertThat(id).contains("..");
            return;
        }
        throw new AssertionError(id + " was taken");
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private NgcHub hub() {
        return new NgcHub(Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}));
    }

    private List<Path> leftovers() throws IOException {
        try (var walk = Files.walk(temporary)) {
            return walk.filter(file -> file.toString().matches(".*\\.(tmp|incomplete)"))
                    .toList();
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(2).nextBytes(bytes);
        return bytes;
    }
}
