package dev.tailor.hub;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The JDK's client, made for the first request, with the proxies of the environment. Safe for many threads. */
final class Http {
    /** By default the JDK withholds a user and a password from proxies of https, since they travel in the clear. */
    private static final String WITHHELD = "jdk.http.auth.tunneling.disabledSchemes";

    private final ProxySettings proxies;
    private final Duration connect;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient client;

    Http(Environment environment, Duration connect) {
        this.proxies = new ProxySettings(environment);
        this.connect = connect;
    }

    /** The client that sends to this address; its first call may still set up the JDK's own classes. */
    HttpClient client(URI uri) {
        ProxySettings.Found proxy = proxies.find(uri);
        lock.lock();
        try {
            HttpClient made = client;
            if (made == null) {
                made = proxy != null && proxy.authorization() != null ? allowing() : make();
                client = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** Shows the proxy of the environment its user and password. The JDK sends the header to the proxy alone. */
    void authorize(URI uri, HttpRequest.Builder request) {
        ProxySettings.Found proxy = proxies.find(uri);
        if (proxy != null && proxy.authorization() != null) {
            request.setHeader("Proxy-Authorization", proxy.authorization());
        }
    }

    /** Why a proxy answers 407, and what helps. */
    HubException refusedByProxy(HubRequest request) {
        ProxySettings.Found proxy = proxies.find(request.uri());
        String why = proxy == null
                ? "the proxy asks for a user and a password. Set HTTPS_PROXY to http://user:password@host:port"
                : proxy
                        + (proxy.authorization() == null
                                ? " asks for a user and a password. Write them in front of the host: http://user:password@host:port"
                                : " does not accept the user and the password given there. If they are right, start Java with -D"
                                        + WITHHELD + "=\"\": another part of the program has used HTTP before");
        return new NoAccessException(
                NoAccessException.Reason.CREDENTIALS,
                request.repository() + ": " + why + ".",
                request.repository(),
                request.uri(),
                407);
    }

    // The setting is read once, when the JDK's classes load. It is the user who put the password into the variable;
    // where the
    // property is set by someone, that counts.
    private HttpClient allowing() {
        if (System.getProperty(WITHHELD) != null) {
            return make();
        }
        System.setProperty(WITHHELD, "");
        try {
            return make();
        } finally {
            System.clearProperty(WITHHELD);
        }
    }

    private HttpClient make() {
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connect)
                .proxy(proxies)
                .build();
    }
}
