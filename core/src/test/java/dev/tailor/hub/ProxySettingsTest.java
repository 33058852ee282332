package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProxySettingsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            HTTPS_PROXY=http://proxy:8080                    | https://hub.example/x  | proxy:8080
            https_proxy=http://low:1 HTTPS_PROXY=http://up:2 | https://hub.example/x  | low:1
            HTTPS_PROXY=proxy:8080                           | https://hub.example/x  | proxy:8080
            HTTPS_PROXY=http://proxy                         | https://hub.example/x  | proxy:80
            HTTPS_PROXY=http://proxy:8080                    | http://hub.example/x   | -
            HTTP_PROXY=http://proxy:8080                     | http://hub.example/x   | proxy:8080
            HTTP_PROXY=http://proxy:8080 REQUEST_METHOD=GET  | http://hub.example/x   | -
            ALL_PROXY=http://proxy:8080                      | https://hub.example/x  | proxy:8080
            ALL_PROXY=http://proxy:8080                      | http://127.0.0.1:80/x  | -
            ALL_PROXY=http://proxy:8080                      | http://localhost/x     | -
            """)
    void reads_the_variables(String variables, URI uri, String expected) {
        ProxySettings.Found found = settings(variables).find(uri);
        assertThat(found == null ? null : found.host() + ":" + found.port()).isEqualTo(expected);
        Proxy.Type type = settings(variables).select(uri).get(0).type();
        assertThat(type).isEqualTo(expected == null ? Proxy.Type.DIRECT : Proxy.Type.HTTP);
    }

    @ParameterizedTest
    @CsvSource({
        "*, true",
        "hub.example, true",
        ".hub.example, false",
        "example, true",
        ".example, true",
        "*.example, true",
        "HUB.EXAMPLE, true",
        "ub.example, false",
        "other;hub.example, true",
        "hub.example:443, true",
        "hub.example:80, false",
        "cdn.hub.example, false",
    })
    void leaves_out_what_no_proxy_names(String list, boolean excluded) {
        var settings = settings("HTTPS_PROXY=http://proxy:8080 NO_PROXY=" + list.replace(';', ','));
        URI uri = URI.create("https://hub.example/x");
        // A dot in front stands for the domain and all in it, as for curl.
        boolean expected = excluded || list.equals(".hub.example");
        assertThat(settings.find(uri) == null).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://user:secret@proxy:1080", "https://secret@proxy", "http://user:sec ret@proxy"})
    void refuses_proxies_it_cannot_use_without_showing_them(String value) {
        var settings = new ProxySettings(Environment.of(Map.of("HTTPS_PROXY", value)));
        assertThatThrownBy(() -> settings.find(URI.create("https://hub.example/x")))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageNotContaining("sec");
    }

    @Test
    void shows_user_and_password_to_the_proxy_alone() throws Exception {
        List<String> secure = talk("http://us%40er:secret@", "https://hub.example/file", "407 No", "");
        assertThat(secure.get(0)).isEqualTo("CONNECT hub.example:443 HTTP/1.1");
        // us@er:secret
        assertThat(secure).contains("Proxy-Authorization: Basic dXNAZXI6c2VjcmV0");
        assertThat(secure.get(secure.size() - 1))
                .contains("of the variable HTTPS_PROXY does not accept the user and the password")
                .doesNotContain("secret");

        List<String> plain = talk("http://us%40er:secret@", "http://hub.example/file", "200 OK", "hello");
        assertThat(plain.get(0)).isEqualTo("GET http://hub.example/file HTTP/1.1");
        assertThat(plain).contains("Proxy-Authorization: Basic dXNAZXI6c2VjcmV0");
        assertThat(plain.get(plain.size() - 1)).isEqualTo("200 hello");

        List<String> refused = talk("http://", "https://hub.example/file", "403 No", "");
        assertThat(refused.get(refused.size() - 1))
                .contains("cannot reach hub.example")
                .contains("403");

        List<String> without = talk("http://", "https://hub.example/file", "407 No", "");
        assertThat(without).noneMatch(line -> line.startsWith("Proxy-Authorization"));
        assertThat(without.get(without.size() - 1)).contains("asks for a user and a password");
    }

    /** The lines that a proxy hears from another JVM, and last what that JVM says of the answer. */
    private static List<String> talk(String prefix, String uri, String status, String body) throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<String>> heard = CompletableFuture.supplyAsync(() -> answer(proxy, status, body));
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            Process child = new ProcessBuilder(
                            java,
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            ProxyMain.class.getName(),
                            prefix + "127.0.0.1:" + proxy.getLocalPort(),
                            uri)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            List<String> lines = new ArrayList<>(heard.get());
            lines.add(said);
            return lines;
        }
    }

    private static List<String> answer(ServerSocket proxy, String status, String body) {
        List<String> lines = new ArrayList<>();
        try (Socket socket = proxy.accept()) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line; (line = in.readLine()) != null && !line.isEmpty(); ) {
                lines.add(line);
            }
            socket.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            lines.add(e.toString());
        }
        return lines;
    }

    private static ProxySettings settings(String variables) {
        Map<String, String> map = new java.util.HashMap<>();
        for (String pair : variables.split(" +")) {
            map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return new ProxySettings(Environment.of(map));
    }
}
