package dev.tailor.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An answer with its body in memory. Immutable as long as nobody writes into {@link #body()}. */
public final class HubResponse {
    private static final Pattern EXHAUSTED = Pattern.compile("(?:^|;)\\s*r=0\\s*;.*?t=([0-9]{1,9})");

    private final HubRequest request;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    HubResponse(HubRequest request, int status, HttpHeaders headers, byte[] body) {
        this.request = request;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** What was asked; its address is the one that answered. */
    public HubRequest request() {
        return request;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** All headers. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The body, not copied; empty for HEAD. */
    public byte[] body() {
        return body;
    }

    /** The address that answered. */
    public URI uri() {
        return request.uri();
    }

    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** Whether the answer sends the client elsewhere. */
    public boolean isRedirect() {
        return (status == 301 || status == 302 || status == 303 || status == 307 || status == 308)
                && header("Location") != null;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetriable() {
        return switch (status) {
            case 408, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /** The body as text, at most 2000 characters, for messages. */
    public String text() {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.length() > 2000 ? text.substring(0, 2000) + "..." : text;
    }

    /**
     * The address of a redirect, a relative one resolved; null if it is none that may be followed: only http and https are, and
     * never from https back to http.
     */
    public @Nullable URI location() {
        String location = header("Location");
        if (location == null) {
            return null;
        }
        URI target;
        try {
            target = uri().resolve(URI.create(location.strip()));
        } catch (IllegalArgumentException e) {
            return null;
        }
        boolean secure = "https".equalsIgnoreCase(target.getScheme());
        boolean plain = "http".equalsIgnoreCase(target.getScheme());
        boolean downgrade = plain && "https".equalsIgnoreCase(uri().getScheme());
        return target.getHost() == null || downgrade || !(secure || plain) ? null : target;
    }

    /** How long the hub asks to wait: {@code RateLimit} with nothing left, else {@code Retry-After} as seconds or date; null if it does not say. */
    public @Nullable Duration retryAfter() {
        for (String limit : status == 429 ? headers.allValues("RateLimit") : List.<String>of()) {
            Matcher exhausted = EXHAUSTED.matcher(limit);
            if (exhausted.find()) {
                return Duration.ofSeconds(Long.parseLong(exhausted.group(1)) + 1);
            }
        }
        String after = header("Retry-After");
        if (after == null) {
            return null;
        }
        if (after.strip().matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(after.strip()));
        }
        try {
            Instant date = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(after.strip()));
            Duration wait = Duration.between(Clock.systemUTC().instant(), date);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Method, address and status; no header and no body. */
    @Override
    public String toString() {
        return request.method() + " " + HubException.bare(uri()) + " -> " + status;
    }
}
