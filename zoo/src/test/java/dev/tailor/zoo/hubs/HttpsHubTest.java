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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsHubTest {
    private static final byte[] CONTENT = HuggingFaceHubTest.bytes(200_000);
    private static final String PIN = "#sha256=" + FakeHuggingFace.sha256(CONTENT);
    private static final String ID = "https://files.example/a/m%20x.bin?v=secret" + PIN;

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final TwoHosts server = new TwoHosts();

    @BeforeEach
    void set_up() {
        variables.put("TAILOR_HOME", temporary.toString());
        server.onHub(exchange -> TwoHosts.file(exchange, CONTENT));
        server.onStorage(exchange -> TwoHosts.file(exchange, CONTENT));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void fetches_a_file_once_and_checks_it() {
        Snapshot snapshot = fetch(ID);
        assertThat(snapshot.files()).containsExactly("m x.bin");
        assertThat(snapshot.require("m x.bin")).hasBinaryContent(CONTENT);
        assertThat(snapshot.revision()).isEqualTo(FakeHuggingFace.sha256(CONTENT));
        assertThat(snapshot.root().getParent()).isEqualTo(temporary.resolve("https"));
        assertThat(TwoHosts.paths(server.seen())).containsOnly("GET /a/m%20x.bin?v=secret");
        assertThat(server.seen()).hasSize(2);
        assertThat(snapshot.digests()).hasToString("{m x.bin=SHA-256 " + FakeHuggingFace.sha256(CONTENT) + "}");
        assertThat(server.seen()).allMatch(seen -> seen.authorization() == null);
        server.forget();
        assertThat(fetch(ID).root()).isEqualTo(snapshot.root());
        assertThat(fetch("https://mirror.example/m%20x.bin" + PIN).root()).isEqualTo(snapshot.root());
        assertThat(server.seen()).isEmpty();
        assertThat(fetch("https://files.example/other.bin" + PIN).files()).containsExactly("other.bin");
    }

    @Test
    void publishes_nothing_with_another_digest() throws IOException {
        assertThatThrownBy(() -> fetch("https://files.example/m.bin#sha256=" + "0".repeat(64)))
                .hasMessageContaining("https://files.example/m.bin")
                .hasMessageContaining("expected SHA-256 0000");
        try (var walk = Files.walk(temporary)) {
            assertThat(walk.filter(Files::isRegularFile))
                    .allMatch(file -> file.toString().endsWith(".lock"));
        }
    }

    @Test
    void refuses_an_unverified_file_unless_it_is_permitted() {
        String id = "https://files.example/m.bin#unverified";
        assertThatThrownBy(() -> fetch(id))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("#sha256=")
                .hasMessageContaining(HttpsHub.ALLOW_UNVERIFIED + "=1");
        assertThat(server.seen()).isEmpty();

        variables.put(HttpsHub.ALLOW_UNVERIFIED, "1");
        server.spoil("GET hub", TwoHosts.cut(CONTENT, 100_000));
        Snapshot snapshot = fetch(id);
        assertThat(snapshot.require("m.bin")).hasBinaryContent(CONTENT);
        assertThat(snapshot.revision()).isEmpty();
        variables.clear();
        variables.put("TAILOR_HOME", temporary.toString());
        assertThat(hub(true).fetch(ModelId.parse(id), FetchRequest.defaults()).root())
                .isEqualTo(snapshot.root());
    }

    @Test
    void tries_again_resumes_and_follows_a_redirect() {
        server.spoil("GET hub", TwoHosts.status(500, ""));
        server.spoil("GET hub", exchange -> false);
        server.spoil("GET hub", TwoHosts.cut(CONTENT, 150_000));
        server.spoil("GET hub", TwoHosts.status(307, "", "Location", server.storage() + "/signed?x=1"));
        assertThat(fetch(ID).require("m x.bin")).hasBinaryContent(CONTENT);
        assertThat(server.seen("storage"))
                .singleElement()
                .satisfies(seen -> assertThat(seen.range()).matches("bytes=[1-9][0-9]*-"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | carry no credentials          | false | NoAccess CREDENTIALS
            403 | carry no credentials          | false | NoAccess REFUSED
            404 | there is no such file. Check   | false | NotFound FILE
            410 | there is no such file any more | false | NotFound FILE
            429 | too many requests              | true | RateLimit
            503 | not available at the moment    | true | Unavailable BUSY
            418 | unexpected answer              | false | Hub
            """)
    void explains_a_refusal_without_the_query(int status, String said, boolean retriable, String kind) {
        for (int i = 0; i < 5; i++) {
            server.spoil("GET hub", TwoHosts.status(status, ""));
        }
        assertThatThrownBy(() -> fetch(ID))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.status()).isEqualTo(status);
                    assertThat(e.isRetriable()).isEqualTo(retriable);
                    assertThat(ErrorKinds.of(e)).isEqualTo(kind);
                })
                .hasMessageContaining("https://files.example/a/m%20x.bin: ")
                .hasMessageContaining(said)
                .hasMessageNotContaining("secret");
    }

    @Test
    void offline_names_what_is_missing() {
        FetchRequest offline = FetchRequest.defaults().withOffline(true).withCache(temporary.resolve("given"));
        assertThatThrownBy(() -> hub(false).fetch(ModelId.parse(ID), offline))
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("offline")
                .hasMessageContaining(temporary.resolve("given/https").toString())
                .hasMessageContaining("m x.bin");
        assertThat(server.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%2e%2e", "a%2Fb", "a%5Cb", "a%00b"})
    void refuses_an_address_that_ends_with_no_file_name(String name) {
        assertThatThrownBy(() -> fetch("https://files.example/" + name + PIN))
                .hasMessageContaining("does not end with the name of a file");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void gives_only_what_was_asked_for() {
        FetchRequest request = FetchRequest.defaults().withFiles(name -> name.equals("config.json"));
        assertThatThrownBy(() -> hub(false).fetch(ModelId.parse(ID), request)).hasMessageContaining("m x.bin");
    }

    private Snapshot fetch(String id) {
        return hub(false).fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private HttpsHub hub(boolean unverified) {
        return new HttpsHub(
                Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}), unverified, address -> {
                    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
                    return URI.create(server.hub() + address.getRawPath() + query);
                });
    }
}
