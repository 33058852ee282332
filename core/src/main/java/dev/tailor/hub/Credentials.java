package dev.tailor.hub;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * A secret header bound to one origin: it goes to that scheme, host and port and nowhere else, however a hub redirects. Its
 * {@code toString} does not tell the secret.
 */
public final class Credentials {
    private final String origin;
    private final String header;
    private final String value;

    private Credentials(URI endpoint, String header, String value) {
        this.origin = origin(endpoint);
        this.header = header;
        this.value = value;
    }

    /**
     * A bearer token for a hub.
     *
     * @param source where the token came from, for the message
     * @throws HubException if the token holds characters that no header can carry
     */
    public static Credentials bearer(URI endpoint, String token, String source) {
        return header(endpoint, "Authorization", "Bearer " + token, source);
    }

    /** Any secret header for a hub; see {@link #bearer}. */
    public static Credentials header(URI endpoint, String header, String value, String source) {
        // java.net.http puts a refused value into its exception, so it must not get to see one.
        if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
            throw new NoAccessException(
                    NoAccessException.Reason.CREDENTIALS,
                    "The credentials from " + source + " hold characters that cannot be sent; they must be plain ASCII",
                    origin(endpoint),
                    null,
                    0);
        }
        return new Credentials(endpoint, header, value);
    }

    /** Whether a request to this address may carry the secret. */
    public boolean allows(URI target) {
        return origin.equals(origin(target));
    }

    String header() {
        return header;
    }

    String value() {
        return value;
    }

    @Override
    public String toString() {
        return header + " for " + origin + " (hidden)";
    }

    /** Scheme, host and port in one spelling. */
    static String origin(URI uri) {
        String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
        String host = Objects.requireNonNullElse(uri.getHost(), "").toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + host + ":" + port;
    }
}
