package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRulesTest {
    @ParameterizedTest
    @CsvSource({
        "https://hub.example/a/b, /c?d, https://hub.example/c?d",
        "https://hub.example/a/b, c, https://hub.example/a/c",
        "https://hub.example/a, https://cdn.example/x, https://cdn.example/x",
        "http://hub.example/a, https://hub.example/a, https://hub.example/a",
        "https://hub.example/a, http://hub.example/a,",
        "https://hub.example/a, file:///etc/passwd,",
        "https://hub.example/a, 'https:// x',",
        "https://hub.example/a, mailto:x,"
    })
    void follows_only_safe_redirects(String from, String location, URI expected) {
        assertThat(response(from, 302, Map.of("Location", List.of(location))).location())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            429 | RateLimit   | "api";r=0;t=55                  | 56
            429 | RateLimit   | "api";r=3;t=55                  | -
            503 | RateLimit   | "api";r=0;t=55                  | -
            503 | Retry-After | 120                             | 120
            503 | Retry-After | Wed, 21 Oct 2015 07:28:00 GMT   | 0
            503 | Retry-After | soon                            | -
            429 | Retry-After | 99999999999999999999            | -
            """)
    void reads_how_long_to_wait(int status, String header, String value, Long seconds) {
        assertThat(response("https://hub.example", status, Map.of(header, List.of(value)))
                        .retryAfter())
                .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

    @Test
    void binds_credentials_to_their_origin_and_hides_them() {
        Credentials token = Credentials.bearer(URI.create("https://Hub.example/base"), "hf_secret", "a test");
        assertThat(token.allows(URI.create("https://hub.example:443/x"))).isTrue();
        assertThat(token.allows(URI.create("http://hub.example/x"))).isFalse();
        assertThat(token.allows(URI.create("https://hub.example.evil/x"))).isFalse();
        assertThat(token.allows(URI.create("https://hub.example:8443/x"))).isFalse();
        assertThat(token.toString()).doesNotContain("secret");
        HubRequest request = HubRequest.get("org/name", URI.create("https://u:p@hub.example/x?sig=1"), token);
        assertThat(request.toString()).doesNotContain("secret");
        assertThat(new HubException("m", null, request.uri(), 0, false, null).url())
                .isEqualTo("https://hub.example/x");
    }

    @Test
    void backs_off_exponentially_within_its_limits() {
        List<Duration> sleeps = new ArrayList<>();
        RetryPolicy policy = new RetryPolicy(
                6, Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(60), sleeps::add, () -> 0.999_999);
        Retries retries = new Retries(policy, "test", Deadline.never());
        while (retries.again("why", null)) {}
        assertThat(sleeps.stream().map(Duration::toMillis).map(millis -> (millis + 1) / 1000))
                .containsExactly(1L, 2L, 4L, 4L, 4L);
        assertThat(new Retries(policy, "test", Deadline.never()).again("why", Duration.ofSeconds(61)))
                .isFalse();
    }

    @Test
    void sets_the_flag_again_when_a_wait_is_interrupted() {
        RetryPolicy policy = RetryPolicy.standard().withSleeper(time -> {
            throw new InterruptedException();
        });
        assertThatThrownBy(() -> new Retries(policy, "org/name", Deadline.never()).again("why", null))
                .isInstanceOf(HubException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_body_that_stalls_times_out_and_lets_the_connection_go() {
        List<String> calls = new ArrayList<>();
        BodyStream body = new BodyStream(Duration.ofMillis(1), Deadline.never());
        body.onSubscribe(subscription(calls));
        body.onNext(List.of(ByteBuffer.wrap(new byte[] {7})));
        assertThatThrownBy(() -> {
                    assertThat(body.read()).isEqualTo(7);
                    body.read();
                })
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessageContaining("sent nothing");
        assertThat(calls).containsExactly("request 1", "request 1", "cancel");
    }

    @Test
    void a_body_ends_on_interruption_and_passes_failures_on() throws IOException {
        BodyStream waiting = new BodyStream(Duration.ofMinutes(1), Deadline.never());
        Thread.currentThread().interrupt();
        assertThatThrownBy(waiting::read).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();

        BodyStream broken = new BodyStream(Duration.ofMinutes(1), Deadline.never());
        broken.onSubscribe(subscription(new ArrayList<>()));
        broken.onError(new IOException("reset"));
        assertThatThrownBy(broken::read).hasMessage("reset");

        BodyStream empty = new BodyStream(Duration.ofMinutes(1), Deadline.never());
        empty.onSubscribe(subscription(new ArrayList<>()));
        empty.onComplete();
        assertThat(empty.read()).isEqualTo(-1);
    }

    @Test
    void a_hub_that_never_answers_is_given_up() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, java.net.InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/x?sig=1");
            RetryPolicy policy = RetryPolicy.standard().withAttempts(2).withSleeper(time -> {});
            HubClient client = new HubClient(
                    policy,
                    new HubClient.Timeouts(Duration.ofSeconds(5), Duration.ofMillis(20), Duration.ofMillis(20)));
            assertThatThrownBy(() -> client.send(HubRequest.get("org/name", uri, null)))
                    .isInstanceOfSatisfying(UnavailableException.class, e -> {
                        assertThat(e.reason()).isEqualTo(UnavailableException.Reason.UNREACHABLE);
                        assertThat(e.isRetriable()).isTrue();
                    })
                    .hasMessageContaining("org/name: cannot reach 127.0.0.1")
                    .hasMessageContaining("no answer within 0.02 s")
                    .hasMessageNotContaining("sig");
        }
    }

    @Test
    void expands_paths_and_reads_switches() {
        Environment environment =
                Environment.of(Map.of("HOME", "/home/me", "X", "y", "ON", "yes", "OFF", "0", "EMPTY", " "));
        assertThat(environment.path("~/$X/${X}/$NOPE")).hasToString("/home/me/y/y/$NOPE");
        assertThat(environment.userCache()).hasToString("/home/me/.cache");
        assertThat(environment.tailorHome()).hasToString("/home/me/.cache/tailor");
        assertThat(environment.isOn("ON")).isTrue();
        assertThat(environment.isOn("OFF")).isFalse();
        assertThat(environment.first("EMPTY", "X")).isEqualTo("y");
    }

    private static HubResponse response(String uri, int status, Map<String, List<String>> headers) {
        HubRequest request = HubRequest.get("org/name", URI.create(uri), null);
        return new HubResponse(request, status, HttpHeaders.of(headers, (a, b) -> true), new byte[0]);
    }

    private static Flow.Subscription subscription(List<String> calls) {
        return new Flow.Subscription() {
            @Override
            public void request(long count) {
                calls.add("request " + count);
            }

            @Override
            public void cancel() {
                calls.add("cancel");
            }
        };
    }
}
