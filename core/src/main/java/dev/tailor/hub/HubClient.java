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
import java.util.concurrent.atomic.AtomicReference;
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
    private final Deadline deadline;
    private final Http http;
    private final RateLimits limits;

    /** Reads rate limits that a hub tells in a way of its own. */
    @FunctionalInterface
    public interface RateLimits {
        /** How long the answer asks to wait, or null if it is no refusal by a rate limit. After that time it is asked for again. */
        @Nullable
        Duration demanded(HubResponse response);
    }

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

    /** Creates a client that connects to nothing yet, with the proxies of this process's environment. */
    public HubClient(RetryPolicy retries, Timeouts timeouts) {
        this(retries, timeouts, Environment.system());
    }

    /** Creates a client that connects to nothing yet, with the proxies that the environment names. */
    public HubClient(RetryPolicy retries, Timeouts timeouts, Environment environment) {
        this(retries, timeouts, Deadline.never(), new Http(environment, timeouts.connect()), response -> null);
    }

    private HubClient(RetryPolicy retries, Timeouts timeouts, Deadline deadline, Http http, RateLimits limits) {
        this.retries = retries;
        this.timeouts = timeouts;
        this.deadline = deadline;
        this.http = http;
        this.limits = limits;
    }

    /**
     * The same client, its connections shared, for one operation: whatever is asked of it must be done that long from now, waits and
     * repetitions included. Null sets no limit.
     */
    public HubClient within(@Nullable Duration limit) {
        return new HubClient(retries, timeouts, Deadline.in(limit), http, limits);
    }

    /** The same client, its connections shared, for a hub that tells its rate limits in a way of its own. */
    public HubClient limitedBy(RateLimits limits) {
        return new HubClient(retries, timeouts, deadline, http, limits);
    }

    /** Whether the same request may succeed later. */
    boolean mayHelp(HubResponse response) {
        return response.isRetriable() || limits.demanded(response) != null;
    }

    /** The wait that the hub asks for, or null. */
    @Nullable
    Duration demanded(HubResponse response) {
        Duration own = limits.demanded(response);
        return own != null ? own : response.retryAfter();
    }

    Deadline deadline() {
        return deadline;
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
        Retries attempts = new Retries(retries, request.repository(), deadline);
        while (true) {
            HubResponse response = null;
            IOException failure = null;
            try (Answer answer = open(request)) {
                response = answer.inMemory(MOST_BYTES);
            } catch (IOException e) {
                failure = interruptedOr(request.repository(), e);
            }
            if (response != null && !mayHelp(response)) {
                return response;
            }
            String why = response == null ? String.valueOf(failure) : response.toString();
            if (!attempts.again(why, response != null ? demanded(response) : null)) {
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
            current = current.redirected(target(current, head), head.status());
        }
        throw tooMany(request);
    }

    private static HttpRequest.BodyPublisher publisher(HubRequest request) {
        byte[] body = request.body();
        return body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
    }

    /** One attempt without redirects. */
    private Answer open(HubRequest request) throws IOException {
        // Before the request: it must be first to load the JDK's classes.
        HttpClient client = http.client(request.uri());
        // HTTP/1.1 throughout: large bodies gain nothing from multiplexing, and plain http must not offer an upgrade.
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                .version(HttpClient.Version.HTTP_1_1)
                .method(request.method(), publisher(request))
                .header("User-Agent", USER_AGENT)
                .header("Accept-Encoding", "identity");
        request.headers().forEach(builder::setHeader);
        Credentials credentials = request.credentials();
        if (credentials != null && credentials.allows(request.uri())) {
            builder.setHeader(credentials.header(), credentials.value());
        }
        http.authorize(request.uri(), builder);
        // Not HttpRequest.timeout: from JDK 26 on it covers the whole body.
        AtomicReference<@Nullable Answer> begun = new AtomicReference<>();
        CompletableFuture<HttpResponse<BodyStream>> future = client.sendAsync(builder.build(), info -> {
            BodyStream body = new BodyStream(timeouts.stall(), deadline);
            begun.set(new Answer(request, info.statusCode(), info.headers(), body));
            return body;
        });
        try {
            HttpResponse<BodyStream> response =
                    future.get(deadline.atMost(timeouts.answer()).toMillis(), TimeUnit.MILLISECONDS);
            Answer answer = begun.get();
            if (response.statusCode() == 407) {
                if (answer != null) {
                    answer.close();
                }
                throw http.refusedByProxy(request);
            }
            if (answer == null) {
                // Without a body of its own it is not the hub's answer, but the proxy's to CONNECT.
                throw new IOException("the proxy answers " + response.statusCode());
            }
            return answer;
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
            Answer answer = begun.get();
            if (answer != null) {
                // The body broke off before this thread was told of the headers; reading it says so.
                answer.body().onError(cause == null ? e : cause);
                return answer;
            }
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
        return new UnavailableException(
                UnavailableException.Reason.UNREACHABLE,
                request.repository() + ": cannot reach " + request.uri().getHost() + " (" + why
                        + "). Check the network and the proxy settings (HTTPS_PROXY, -Dhttps.proxyHost).",
                request.repository(),
                request.uri(),
                0,
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
}
