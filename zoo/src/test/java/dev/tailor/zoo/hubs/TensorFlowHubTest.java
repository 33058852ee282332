package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tailor.ModelId;
import dev.tailor.TailorException;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFlowHubTest {
    private static final String ID = "tfhub://google/nnlm-en-dim50/2";

    /** What tensorflow_hub calls the folder of https://tfhub.dev/google/nnlm-en-dim50/2. */
    private static final String KEY = "74a841d6eb84e8d93d913d716fb5440d020cc291";

    @TempDir
    Path temporary;

    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, String> variables = new HashMap<>();
    final TwoHosts server = new TwoHosts();

    /** How many redirects lie before the storage. */
    int hops = 2;

    @BeforeEach
    void set_up() {
        byte[] variable = new byte[150_000];
        new Random(3).nextBytes(variable);
        files.put("saved_model.pb", "graph".getBytes(StandardCharsets.UTF_8));
        files.put("variables/variables.index", "index".getBytes(StandardCharsets.UTF_8));
        files.put("variables/variables.data-00000-of-00001", variable);
        variables.put("TFHUB_CACHE_DIR", temporary.resolve("cache").toString());
        server.onHub(this::hub);
        server.onStorage(exchange -> {
            byte[] content = Tars.gzip(files);
            exchange.getResponseHeaders().set("x-goog-hash", "crc32c=AAAAAA==,md5=" + FakeKaggle.md5(content));
            TwoHosts.file(exchange, content);
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void writes_the_cache_of_tensorflow_hub() throws IOException {
        Snapshot snapshot = fetch(ID);

        Path cache = temporary.resolve("cache");
        assertThat(snapshot.root()).isEqualTo(cache.resolve(KEY));
        assertThat(snapshot.revision()).isEqualTo("2");
        assertThat(snapshot.files())
                .containsExactly(
                        "saved_model.pb", "variables/variables.data-00000-of-00001", "variables/variables.index");
        assertThat(snapshot.require("variables/variables.data-00000-of-00001"))
                .hasBinaryContent(files.get("variables/variables.data-00000-of-00001"));
        assertThat(cache.resolve(KEY + ".descriptor.txt"))
                .content()
                .startsWith("Module: https://tfhub.dev/google/nnlm-en-dim50/2\nDownload Time: ");
        assertThat(cache.resolve(KEY + ".lock")).doesNotExist();
        try (var children = Files.list(cache)) {
            assertThat(children.map(child -> child.getFileName().toString()))
                    .containsExactlyInAnyOrder(KEY, KEY + ".descriptor.txt", ".tailor");
        }
        try (var own = Files.list(cache.resolve(".tailor"))) {
            assertThat(own.map(child -> child.getFileName().toString())).containsExactly(KEY + ".lock");
        }
    }

    @Test
    void asks_for_the_compressed_form_and_follows_one_hop_as_well_as_two() {
        fetch(ID);
        assertThat(TwoHosts.paths(server.seen("hub")))
                .startsWith(
                        "GET /google/nnlm-en-dim50/2?tf-hub-format=compressed",
                        "GET /models/google/nnlm/tensorFlow2/en-dim50/1?tf-hub-format=compressed");
        hops = 1;
        server.forget();
        fetch("tfhub://google/nnlm-en-dim50/1?x=1");
        assertThat(TwoHosts.paths(server.seen("hub")))
                .containsExactly("GET /google/nnlm-en-dim50/1?x=1&tf-hub-format=compressed");
    }

    @Test
    void opens_no_socket_for_a_handle_of_the_cache_whatever_wrote_it() throws IOException {
        Path module = Files.createDirectories(temporary.resolve("cache").resolve(KEY));
        Files.writeString(module.resolve("saved_model.pb"), "from Python");
        assertThat(fetch("https://tfhub.dev/google/nnlm-en-dim50/2").require("saved_model.pb"))
                .hasContent("from Python");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void keeps_handles_apart_as_python_does() {
        fetch(ID);
        assertThat(fetch(ID + "/").root()).isNotEqualTo(fetch(ID).root());
        assertThat(fetch("tfhub://google/nnlm-en-dim50").revision()).isEmpty();
    }

    @Test
    void offline_names_the_handle_and_the_folder() {
        assertThatThrownBy(() ->
                        hub().fetch(ModelId.parse(ID), FetchRequest.defaults().withOffline(true)))
                .isInstanceOf(HubException.class)
                .isInstanceOf(OfflineException.class)
                .hasMessageContaining("offline")
                .hasMessageContaining(KEY)
                .hasMessageContaining("https://tfhub.dev/google/nnlm-en-dim50/2");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void resumes_a_cut_archive() {
        byte[] archive = Tars.gzip(files);
        server.spoil("GET storage", exchange -> false);
        server.spoil("GET storage", TwoHosts.cut(archive, 50_000));
        assertThat(fetch(ID).files()).hasSize(3);
        assertThat(server.seen("storage").stream().map(TwoHosts.Seen::range))
                .containsExactly("bytes=0-0", null, "bytes=50000-");
    }

    @Test
    void publishes_nothing_when_the_digest_is_wrong_or_the_archive_is_none() {
        server.spoil("GET storage", exchange -> false);
        server.spoil("GET storage", exchange -> {
            byte[] other = Tars.gzip(files);
            other[other.length / 2]++;
            TwoHosts.file(exchange, other);
            return true;
        });
        assertThatThrownBy(() -> fetch(ID)).isInstanceOf(HubException.class).hasMessageContaining("MD5");
        assertThat(temporary.resolve("cache").resolve(KEY)).doesNotExist();

        for (int i = 0; i < 2; i++) {
            server.spoil("GET storage", TwoHosts.status(200, "neither zip nor tar"));
        }
        assertThatThrownBy(() -> fetch(ID)).isInstanceOf(TailorException.class).hasMessageContaining("archive");
        assertThat(temporary.resolve("cache").resolve(KEY)).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/evil"})
    void refuses_an_archive_that_leads_out_of_its_folder(String name) throws IOException {
        files.put(name, "evil".getBytes(StandardCharsets.UTF_8));
        try {
            fetch(ID);
        } catch (TailorException e) {
            assertThat(e).hasMessageContaining("evil");
        }
        try (var walk = Files.walk(temporary)) {
            assertThat(walk.filter(file -> file.getFileName().toString().equals("evil")
                            && !file.startsWith(temporary.resolve("cache").resolve(KEY))))
                    .isEmpty();
        }
        assertThat(Path.of("/etc/evil")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            404 | google/gone/1          | does not exist, or no longer. tfhub.dev moved to Kaggle on 15 November 2023 | NotFound REPOSITORY
            404 | silero/silero-stt/en/1 | was deleted on 18 March 2024 | NotFound REPOSITORY
            404 | nvidia/unet/industrial/class_1/1 | was deleted on 18 March 2024 | NotFound REPOSITORY
            403 | google/gone/1          | refuses the archive | NoAccess REFUSED
            418 | google/gone/1          | unexpected answer | Hub
            """)
    void tells_what_became_of_a_handle(int status, String handle, String expected, String kind) {
        server.spoil("/" + handle, TwoHosts.status(status, "nope"));
        assertThatThrownBy(() -> fetch("tfhub://" + handle))
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.status()).isEqualTo(status);
                    assertThat(ErrorKinds.of(e)).isEqualTo(kind);
                })
                .hasMessageContaining("tfhub://" + handle)
                .hasMessageContaining(expected);
    }

    @Test
    void names_the_successor_at_kaggle_when_a_page_answers() {
        server.spoil("/models/", TwoHosts.status(200, "<html>", "Content-Type", "text/html; charset=utf-8"));
        assertThatThrownBy(() -> fetch(ID))
                .hasMessageContaining("a web page in place of an archive")
                .hasMessageContaining("try kaggle://google/nnlm/tensorFlow2/en-dim50/1");
    }

    @Test
    void tries_again_when_the_hub_is_busy_and_says_so_in_the_end() {
        server.spoil("GET hub", TwoHosts.status(429, "", "Retry-After", "1"));
        server.spoil("GET hub", TwoHosts.status(503, ""));
        fetch(ID);
        for (int i = 0; i < 5; i++) {
            server.spoil("GET hub", TwoHosts.status(500, ""));
        }
        assertThatThrownBy(() -> fetch("tfhub://google/other/1"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.isRetriable()).isTrue())
                .hasMessageContaining("not available at the moment");
    }

    @Test
    void asks_the_site_again_when_the_signed_address_is_stale() {
        server.spoil("GET storage", exchange -> false);
        server.spoil("GET storage", TwoHosts.status(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"));
        assertThat(fetch(ID).files()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tfhub://google",
                "tfhub://google/../x",
                "tfhub://google/a b",
                "tfhub://google/x#y",
                "tfhub:///x/y"
            })
    void refuses_a_handle_of_another_form(String id) {
        assertThatThrownBy(() -> fetch(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tfhub://publisher/model/version");
    }

    @Test
    void takes_web_addresses_of_tfhub_for_ids() {
        assertThat(ModelId.parse("https://tfhub.dev/google/nnlm-en-dim50/2")).isEqualTo(ModelId.parse(ID));
        assertThat(ModelId.parse("https://tfhub.dev/google/nnlm-en-dim50/2")).hasToString(ID);
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String next = hops == 2 && !path.startsWith("/models/")
                ? server.hub() + "/models/google/nnlm/tensorFlow2/en-dim50/1?tf-hub-format=compressed"
                : server.storage() + "/kagglesdsdata/models/1/2/archive.tar.gz?X-Goog-Signature=secret";
        exchange.getResponseHeaders().set("Location", next);
        TwoHosts.answer(exchange, 302, "moved".getBytes(StandardCharsets.UTF_8));
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private TensorFlowHub hub() {
        return new TensorFlowHub(
                Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}), server.hub());
    }
}
