package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kaggle's newer interface, and the files of one version side by side. */
class KaggleRpcTest {
    private static final String INSTANCE = "keras/bert/keras/tiny";
    private static final String NAMED =
            "{\"ownerSlug\":\"keras\",\"modelSlug\":\"bert\",\"framework\":\"MODEL_FRAMEWORK_KERAS\",\"instanceSlug\":\"tiny\"";

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final FakeKaggle server = new FakeKaggle(INSTANCE);

    @BeforeEach
    void set_up() {
        server.with("config.json", "{}").with("model.weights.h5", HuggingFaceHubTest.bytes(200_000));
        variables.put("HOME", temporary.toString());
        variables.put("KAGGLE_API_ENDPOINT", server.hub().toString());
        variables.put("KAGGLE_API_TOKEN", "secret");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void asks_in_the_newer_form_where_the_older_one_is_gone() {
        server.withoutRest();
        Snapshot snapshot = fetch("kaggle://" + INSTANCE);
        assertThat(snapshot.revision()).isEqualTo("3");
        assertThat(snapshot.require("model.weights.h5")).hasBinaryContent(HuggingFaceHubTest.bytes(200_000));
        assertThat(snapshot.digests()).containsOnlyKeys("config.json", "model.weights.h5");
        assertThat(snapshot.license()).contains("Apache 2.0");
        assertThat(snapshot.card().text()).isEqualTo("# Tiny\n\nUse it.");
        assertThat(server.questions())
                .startsWith(
                        "GetModelInstance " + NAMED + "}",
                        "ListModelInstanceVersionFiles " + NAMED + ",\"versionNumber\":3,\"pageSize\":25}")
                .contains("DownloadModelInstanceVersion " + NAMED + ",\"versionNumber\":3,\"path\":\"config.json\"}");
        assertThat(server.seen("hub")).allMatch(seen -> "Bearer secret".equals(seen.authorization()));
        assertThat(server.seen("storage"))
                .isNotEmpty()
                .allMatch(seen -> seen.authorization() == null && seen.method().equals("GET"));
        assertThat(TwoHosts.paths(server.seen("hub")).stream().filter(path -> path.startsWith("GET")))
                .as("the older form is tried once")
                .hasSize(1);
    }

    @Test
    void resumes_in_the_newer_form_and_takes_the_archive_of_many_files() {
        server.withoutRest();
        for (int i = 0; i < 30; i++) {
            server.with("part-" + i, "x");
        }
        server.spoil("GET storage /bucket/bundle", exchange -> false);
        server.spoil("GET storage /bucket/bundle", TwoHosts.status(403, "expired"));
        assertThat(fetch("kaggle://" + INSTANCE + "/3").files()).hasSize(32);
        assertThat(server.questions())
                .filteredOn(question -> question.startsWith("Download"))
                .containsOnly("DownloadModelInstanceVersion " + NAMED + ",\"versionNumber\":3}")
                .hasSize(2);
    }

    @Test
    void shows_the_older_forms_error_when_neither_knows_the_model() {
        assertThatThrownBy(() -> fetch("kaggle://keras/bert/keras/none/1"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(404))
                .hasMessageContaining("was not found");
        server.withoutRest();
        server.spoil("POST hub", TwoHosts.status(403, "{\"code\":403,\"message\":\"accept the licence\"}"));
        assertThatThrownBy(() -> fetch("kaggle://" + INSTANCE + "/3"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(403))
                .hasMessageContaining("accepted its terms")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "keras, KERAS",
        "pyTorch, PY_TORCH",
        "pytorch, PY_TORCH",
        "tensorFlow2, TENSOR_FLOW_2",
        "TensorFlow2, TENSOR_FLOW_2",
        "tfLite, TF_LITE",
        "gemmaCpp, GEMMA_CPP",
        "newThing, NEW_THING"
    })
    void names_frameworks_as_the_interface_does(String handle, String name) {
        assertThat(KaggleRpc.framework(handle)).isEqualTo("MODEL_FRAMEWORK_" + name);
    }

    @Test
    void finds_the_newer_interface_of_the_real_site_on_its_own_host() {
        variables.remove("KAGGLE_API_ENDPOINT");
        KaggleSettings settings = KaggleSettings.read(Environment.of(variables));
        assertThat(settings.rpc("models.ModelApiService/GetModel"))
                .hasToString("https://api.kaggle.com/v1/models.ModelApiService/GetModel");
        assertThat(settings.rpcCredentials().allows(settings.rpc("x"))).isTrue();
        assertThat(settings.credentials().allows(settings.rpc("x"))).isFalse();
    }

    @Test
    void fetches_the_files_side_by_side_and_tells_one_thread() {
        CountDownLatch both = new CountDownLatch(2);
        for (String name : List.of("config.json", "model.weights.h5")) {
            server.spoil("GET storage /bucket/file/" + name, exchange -> {
                both.countDown();
                try {
                    // Neither is answered before both are asked for.
                    return !both.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    return true;
                }
            });
        }
        List<String> heard = new ArrayList<>();
        Thread own = Thread.currentThread();
        var listener = new DownloadListener() {
            @Override
            public void started(String file, long total) {
                heard.add(file + " " + total + " " + (Thread.currentThread() == own));
            }

            @Override
            public void finished(String file, long total) {
                heard.add(file + " done " + (Thread.currentThread() == own));
            }
        };
        hub().fetch(
                        ModelId.parse("kaggle://" + INSTANCE + "/3"),
                        FetchRequest.defaults().withListener(listener));
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "config.json 2 true",
                        "config.json done true",
                        "model.weights.h5 200000 true",
                        "model.weights.h5 done true");
    }

    @Test
    void ends_all_when_one_is_refused_or_the_listener_throws() {
        server.spoil("GET hub /api/v1/models/" + INSTANCE + "/3/download/config.json", TwoHosts.status(403, "{}"));
        assertThatThrownBy(() -> fetch("kaggle://" + INSTANCE + "/3"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.status()).isEqualTo(403));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        var listener = new DownloadListener() {
            @Override
            public void started(String file, long total) {
                throw new IllegalStateException("enough");
            }
        };
        assertThatThrownBy(() -> hub().fetch(
                                ModelId.parse("kaggle://" + INSTANCE + "/3"),
                                FetchRequest.defaults().withListener(listener)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
        assertThat(fetch("kaggle://" + INSTANCE + "/3").files()).hasSize(2);
    }

    @Test
    void stops_when_the_thread_is_interrupted() {
        Thread own = Thread.currentThread();
        CountDownLatch over = new CountDownLatch(1);
        server.spoil("GET storage /bucket/file/model.weights.h5", exchange -> {
            own.interrupt();
            try {
                over.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                own.interrupt();
            }
            return true;
        });
        assertThatThrownBy(() -> fetch("kaggle://" + INSTANCE + "/3"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("interrupted");
        over.countDown();
        assertThat(Thread.interrupted()).isTrue();
    }

    private Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    private KaggleHub hub() {
        return new KaggleHub(Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}));
    }
}
