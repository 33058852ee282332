package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RetryPolicy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KaggleErrorsTest {
    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final FakeKaggle server = new FakeKaggle("google/gemma/keras/gemma_2b");

    @BeforeEach
    void set_up() {
        server.with("config.json", "{}").with("model.weights.h5", "weights");
        variables.put("HOME", temporary.toString());
        variables.put("KAGGLE_API_ENDPOINT", server.hub().toString());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            /get            | 401 | {"code":401,"message":"Unauthenticated"} | -     | wants to know who asks | NoAccess CREDENTIALS
            /get            | 401 | {"code":401,"message":"Unauthenticated"} | tok   | does not accept the credentials from the variable KAGGLE_API_TOKEN | NoAccess CREDENTIALS
            /get            | 403 | {"code":403,"message":"Permission 'models.get' was denied"} | - | is private, or given only to those who accepted its terms | NoAccess REFUSED
            /get            | 403 | {"code":403,"message":"Permission 'models.get' was denied"} | tok | Accept them on | NoAccess REFUSED
            /download/model | 403 | {"error":{"code":403,"message":"User must accept the license"}} | tok | is given only to those who accepted its terms | NoAccess CONDITIONS
            /get            | 404 | {"code":404,"message":"Not found"}       | -     | was not found | NotFound REPOSITORY
            /download/model | 404 | {"code":404,"message":"Not found"}       | -     | has no file model.weights.h5 | NotFound FILE
            /files          | 400 | strange                                  | -     | unexpected answer of Kaggle. [127.0.0.1 answered 400: strange] | Hub
            """)
    void explains_what_kaggle_answers(
            String request, int status, String body, String token, String expected, String kind) {
        if (token != null) {
            variables.put("KAGGLE_API_TOKEN", token);
        }
        server.spoil(request, TwoHosts.status(status, body));
        assertThatThrownBy(this::fetch)
                .isInstanceOfSatisfying(HubException.class, e -> {
                    assertThat(e.repository()).startsWith("google/gemma/keras/gemma_2b");
                    assertThat(e.status()).isEqualTo(status);
                    assertThat(e.isRetriable()).isFalse();
                    assertThat(ErrorKinds.of(e)).isEqualTo(kind);
                })
                .hasMessageContaining("kaggle://google/gemma/keras/gemma_2b")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"code":403,"message":"denied"} | 403 | NoAccess REFUSED
            {"error":{"code":404,"message":"gone","status":"NOT_FOUND"}} | 404 | NotFound REPOSITORY
            {"error":{"code":429,"message":"Too many requests","status":"RESOURCE_EXHAUSTED"}} | 429 | RateLimit
            """)
    void finds_an_error_under_200(String body, int status, String kind) {
        server.spoil("/files", TwoHosts.status(200, body));
        assertThatThrownBy(this::fetch).isInstanceOfSatisfying(HubException.class, e -> {
            assertThat(e.status()).isEqualTo(status);
            assertThat(e.isRetriable()).isEqualTo(status == 429);
            assertThat(ErrorKinds.of(e)).isEqualTo(kind);
        });
    }

    @Test
    void does_not_take_a_page_for_a_file() {
        server.spoil(
                "/download/config",
                TwoHosts.status(200, "<html>Sign in</html>", "Content-Type", "text/html; charset=utf-8"));
        assertThatThrownBy(this::fetch)
                .hasMessageContaining("a web page in place of config.json")
                .hasMessageContaining("put it into KAGGLE_API_TOKEN");
    }

    @Test
    void refuses_answers_that_are_none_of_kaggle() {
        server.spoil("/get", TwoHosts.status(200, "{\"hello\":1}"));
        assertThatThrownBy(this::fetch).hasMessageContaining("names no newest version");
        server.spoil("/get", TwoHosts.status(200, "<html>captive portal</html>"));
        assertThatThrownBy(this::fetch).hasMessageContaining("not valid JSON");
        for (int i = 0; i < 2; i++) {
            server.spoil("/files", TwoHosts.status(200, "{\"files\":[{\"name\":\"a\"}],\"nextPageToken\":\"same\"}"));
        }
        assertThatThrownBy(this::fetch).hasMessageContaining("has no end");
        server.spoil("/files", TwoHosts.status(200, "{\"files\":[]}"));
        assertThatThrownBy(this::fetch).hasMessageContaining("is among the 0 files of version 3");
        for (int i = 0; i < 30; i++) {
            server.spoil("/files", TwoHosts.status(302, "", "Location", "/api/v1/x/files"));
        }
        assertThatThrownBy(this::fetch).hasMessageContaining("more than 10 redirects");
    }

    @Test
    void refuses_an_environment_of_kaggle_that_it_does_not_know() {
        variables.put("KAGGLE_API_ENVIRONMENT", "STAGING");
        assertThatThrownBy(this::fetch).hasMessageContaining("known are PROD, LOCALHOST and TEST");
        variables.put("KAGGLE_API_ENVIRONMENT", "TEST");
        assertThat(KaggleSettings.read(Environment.of(Map.of("KAGGLE_API_ENVIRONMENT", "TEST", "HOME", "/none")))
                        .api("x"))
                .hasToString("http://localhost:7777/api/v1/x");
    }

    private void fetch() {
        new KaggleHub(Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}))
                .fetch(
                        ModelId.parse("kaggle://google/gemma/keras/gemma_2b"),
                        FetchRequest.defaults().withCache(temporary.resolve("cache")));
    }
}
