package dev.tailor.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * HTTP as connectors need it: GET and HEAD with retries, redirects in the client's own hand so that credentials stay at home, and
 * time limits on connecting, answering and each pause of a body. Opens no socket before the first request. Safe for many threads.
 */
public final class HubClient {
    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_BYTES = 64 << 20;
    private static final String USER_AGENT = "tailor; java/" + Runtime.version().feature();

    private final RetryPolicy retries;
    private final Timeouts timeouts;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable HttpClient http;

    /**
     * How long to wait.
     *
     * @param connect for a connection
     * @param answer for status and headers
     * @param stall for the next bytes of a body
     */
    public record Timeouts(Duration connect, Duration answer, Duration stall) {
        /** 10 s, 30 s and 30 s. */
        public static Timeouts standard() {
            return new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));
        }
    }

    /** Creates a client that connects to nothing yet. */
    public HubClient(RetryPolicy retries, Timeouts timeouts) {
        this.retries = retries;
        this.timeouts = timeouts;
    }

    /** How this client repeats requests. */
    public RetryPolicy retries() {
        return retries;
    }

    /**
     * Sends a request, again where that may help. The answer may be a redirect, which is not followed, or an error.
     *
     * @throws HubException if there is no answer, or the thread is interrupted
     */
    public HubResponse send(HubRequest request) {
        Retries attempts = new Retries(retries, request.repository());
        while (true) {
            HubResponse response = null;
            IOException failure = null;
            try (Answer answer = open(request)) {
                response = answer.inMemory(MOST_BYTES);
            } catch (IOException e) {
                failure = interruptedOr(request.repository(), e);
            }
            if (response != null && !response.isRetriable()) {
                return response;
            }
            String why = response != null ? response.toString() : String.valueOf(failure);
            if (!attempts.again(why, response != null ? response.retryAfter() : null)) {
                if (response != null) {
                    return response;
                }
                throw unreachable(request, failure);
            }
        }
    }

    /**
     * Sends a request and follows redirects wherever they lead; credentials go along only as far as their own origin.
     *
     * @throws HubException as {@link #send} does, and for endless or unsafe redirects
     */
    public HubResponse follow(HubRequest request) {
        HubRequest current = request;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HubResponse response = send(current);
            if (!response.isRedirect()) {
                return response;
            }
            current = current.to(target(current, response));
        }
        throw tooMany(request);
    }

    /** The address that a redirect names. */
    static URI target(HubRequest request, HubResponse response) {
        URI target = response.location();
        if (target == null) {
            throw new HubException(
                    request.repository() + ": " + response
                            + " redirects to an address that is not followed: it must be http"
                            + " or https, and not fall back from https to http",
                    request.repository(),
                    request.uri(),
                    response.status(),
                    false,
                    null);
        }
        return target;
    }

    /** One attempt, redirects followed, the body still on its way. */
    Answer openFollowing(HubRequest request) throws IOException {
        HubRequest current = request;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            Answer answer = open(current);
            HubResponse head = new HubResponse(current, answer.status(), answer.headers(), new byte[0]);
            if (!head.isRedirect()) {
                return answer;
            }
            answer.close();
            current = current.to(target(current, head));
        }
        throw tooMany(request);
    }

    /** One attempt without redirects. */
    private Answer open(HubRequest request) throws IOException {
        // HTTP/1.1 throughout: large bodies gain nothing from multiplexing, and plain http must not offer an upgrade.
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                .version(HttpClient.Version.HTTP_1_1)
                .method(request.method(), HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", USER_AGENT)
                .header("Accept-Encoding", "identity");
        request.headers().forEach(builder::setHeader);
        Credentials credentials = request.credentials();
        if (credentials != null && credentials.allows(request.uri())) {
            builder.setHeader(credentials.header(), credentials.value());
        }
        // Not HttpRequest.timeout: from JDK 26 on it covers the whole body.
        CompletableFuture<HttpResponse<BodyStream>> future =
                http().sendAsync(builder.build(), info -> new BodyStream(timeouts.stall()));
        try {
            HttpResponse<BodyStream> response = future.get(timeouts.answer().toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(request, response.statusCode(), response.headers(), response.body());
        } catch (InterruptedException e) {
            future.cancel(true);
            throw Retries.interrupted(request.repository(), e);
        } catch (TimeoutException e) {
            future.cancel(true);
            HttpTimeoutException timeout = new HttpTimeoutException(
                    "no answer within " + timeouts.answer().toMillis() / 1000.0 + " s");
            timeout.initCause(e);
            throw timeout;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
        }
    }

    /** The failure, unless it is this thread's interruption in disguise. */
    static IOException interruptedOr(String what, IOException failure) {
        if (Thread.currentThread().isInterrupted()
                || failure instanceof java.nio.channels.ClosedByInterruptException
                || (failure instanceof InterruptedIOException && failure.getCause() instanceof InterruptedException)) {
            throw Retries.interrupted(what, failure);
        }
        return failure;
    }

    static HubException unreachable(HubRequest request, @Nullable IOException failure) {
        String why = failure == null
                ? "no answer"
                : failure.getClass().getSimpleName()
                        + (failure.getMessage() == null ? "" : ": " + failure.getMessage());
        return new HubException(
                request.repository() + ": cannot reach " + request.uri().getHost() + " (" + why
                        + "). Check the network and the proxy settings (-Dhttps.proxyHost).",
                request.repository(),
                request.uri(),
                0,
                true,
                failure);
    }

    private static HubException tooMany(HubRequest request) {
        return new HubException(
                request.repository() + ": more than " + MOST_REDIRECTS + " redirects from "
                        + HubException.bare(request.uri()),
                request.repository(),
                request.uri(),
                0,
                false,
                null);
    }

    private HttpClient http() {
        lock.lock();
        try {
            HttpClient client = http;
            if (client == null) {
                client = HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(timeouts.connect())
                        .build();
                http = client;
            }
            return client;
        } finally {
            lock.unlock();
        }
    }
}
