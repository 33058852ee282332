package dev.tailor.hub;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that changes nothing at the hub.
 *
 * @param repository names the model in messages
 * @param method {@code GET} or {@code HEAD}
 * @param uri the address
 * @param headers further headers, none of them secret
 * @param credentials sent only where they belong, or null
 */
public record HubRequest(
        String repository,
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable Credentials credentials) {
    /** Copies the headers and checks the method. */
    public HubRequest {
        headers = Map.copyOf(headers);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new IllegalArgumentException("Only GET and HEAD may be repeated, found " + method);
        }
    }

    /** A GET. */
    public static HubRequest get(String repository, URI uri, @Nullable Credentials credentials) {
        return new HubRequest(repository, "GET", uri, Map.of(), credentials);
    }

    /** A HEAD. */
    public static HubRequest head(String repository, URI uri, @Nullable Credentials credentials) {
        return new HubRequest(repository, "HEAD", uri, Map.of(), credentials);
    }

    /** The same request to another address. */
    public HubRequest to(URI target) {
        return new HubRequest(repository, method, target, headers, credentials);
    }

    /** The same request with one more header. */
    public HubRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HubRequest(repository, method, uri, more, credentials);
    }
}
