package dev.tailor.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proxy of an address: the JVM's properties ({@code https.proxyHost}, {@code http.nonProxyHosts} ...) where they are set, else the
 * variables {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} as curl and Python read them, lower case
 * first. This machine itself is never asked through a proxy. Safe for many threads.
 */
final class ProxySettings extends ProxySelector {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

    private final Environment environment;

    /**
     * A proxy of the environment.
     *
     * @param variable where it was found
     * @param host its host
     * @param port its port
     * @param authorization value of {@code Proxy-Authorization}, or null
     */
    record Found(
            String variable,
            String host,
            int port,
            @Nullable String authorization) {
        @Override
        public String toString() {
            return "the proxy " + host + ":" + port + " of the variable " + variable;
        }
    }

    ProxySettings(Environment environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI uri) {
        if (isSetForJvm(uri)) {
            return Objects.requireNonNull(ProxySelector.getDefault()).select(uri);
        }
        Found found = find(uri);
        return List.of(
                found == null
                        ? Proxy.NO_PROXY
                        : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(found.host(), found.port())));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The exception reaches the caller by itself.
    }

    /** The proxy that the environment names for an address, or null. */
    @Nullable
    Found find(URI uri) {
        String host = uri.getHost();
        if (host == null || isSetForJvm(uri) || isThisMachine(host) || isExcluded(uri)) {
            return null;
        }
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        // In a CGI program a stranger sets HTTP_PROXY, by the header "Proxy".
        boolean cgi = environment.first("REQUEST_METHOD") != null;
        for (String variable : secure
                ? List.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
                : List.of("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")) {
            String value = environment.first(variable);
            if (value != null && !(cgi && variable.equals("HTTP_PROXY"))) {
                return parse(variable, value);
            }
        }
        return null;
    }

    private static boolean isSetForJvm(URI uri) {
        String scheme = "https".equalsIgnoreCase(uri.getScheme()) ? "https" : "http";
        return System.getProperty(scheme + ".proxyHost") != null;
    }

    private static boolean isThisMachine(String host) {
        return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    /** Names match themselves and what ends with them after a dot; an entry may name a port. */
    private boolean isExcluded(URI uri) {
        String list = environment.first("no_proxy", "NO_PROXY");
        if (list == null) {
            return false;
        }
        String host = lower(uri.getHost()).replaceAll("[\\[\\]]", "");
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        for (String text : SEPARATOR.splitAsStream(list).toList()) {
            String entry = lower(text);
            if (entry.equals("*")) {
                return true;
            }
            if (entry.matches("[^:]+:[0-9]+") || entry.matches("\\[.*]:[0-9]+")) {
                if (!entry.endsWith(":" + port)) {
                    continue;
                }
                entry = entry.substring(0, entry.lastIndexOf(':'));
            }
            entry = entry.replaceAll("[\\[\\]]", "").replaceFirst("^\\*?\\.", "");
            if (!entry.isEmpty() && (host.equals(entry) || host.endsWith("." + entry))) {
                return true;
            }
        }
        return false;
    }

    private static Found parse(String variable, String value) {
        URI proxy;
        try {
            proxy = URI.create(value.contains("://") ? value : "http://" + value);
        } catch (IllegalArgumentException e) {
            // Neither the value nor the exception is shown: both may hold a password.
            throw wrong(variable);
        }
        if (!"http".equalsIgnoreCase(proxy.getScheme()) || proxy.getHost() == null) {
            throw wrong(variable);
        }
        String authorization = null;
        if (proxy.getRawUserInfo() != null) {
            String user = URLDecoder.decode(proxy.getRawUserInfo().replace("+", "%2B"), StandardCharsets.UTF_8);
            authorization = "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        }
        return new Found(variable, proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort(), authorization);
    }

    private static HubException wrong(String variable) {
        return HubException.of(
                "proxy",
                "The variable " + variable + " must name a proxy as http://host:port or http://user:password@host:port;"
                        + " other kinds, such as socks5, cannot be used. Special characters must be percent-encoded.");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
