package dev.tailor.hub;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that changes nothing at the hub.
 *
 * @param repository names the model in messages
 * @param method {@code GET}, {@code HEAD}, or {@code POST} for a question that is asked with a body
 * @param uri the address
 * @param headers further headers, none of them secret
 * @param credentials sent only where they belong, or null
 * @param body the question, or null; must not be changed
 */
public record HubRequest(
        String repository,
        String method,
        URI uri,
        Map<String, String> headers,
        @Nullable Credentials credentials,
        byte @Nullable [] body) {
    /** Copies the headers and checks the method. */
    public HubRequest {
        headers = Map.copyOf(headers);
        boolean plain = body == null && (method.equals("GET") || method.equals("HEAD"));
        if (!plain && !(body != null && method.equals("POST"))) {
            throw new IllegalArgumentException("Only GET, HEAD and questions by POST may be repeated, found " + method);
        }
    }

    /** A GET. */
    public static HubRequest get(String repository, URI uri, @Nullable Credentials credentials) {
        return new HubRequest(repository, "GET", uri, Map.of(), credentials, null);
    }

    /** A HEAD. */
    public static HubRequest head(String repository, URI uri, @Nullable Credentials credentials) {
        return new HubRequest(repository, "HEAD", uri, Map.of(), credentials, null);
    }

    /** The same request to another address. */
    public HubRequest to(URI target) {
        return new HubRequest(repository, method, target, headers, credentials, body);
    }

    /** What a redirect of that status to the bytes of a file asks for: a question has become a GET then unless the status forbids it. */
    HubRequest redirected(URI target, int status) {
        return status == 307 || status == 308 ? to(target) : asGet().to(target);
    }

    /** The same request to the address that answered it in the end, and as it was asked there. */
    HubRequest asAnswered(HubRequest answered) {
        HubRequest request = answered.body() == null ? asGet() : this;
        return request.to(answered.uri());
    }

    private HubRequest asGet() {
        if (body == null) {
            return this;
        }
        Map<String, String> about = new LinkedHashMap<>(headers);
        about.keySet().removeIf(header -> header.equalsIgnoreCase("Content-Type"));
        return new HubRequest(repository, "GET", uri, about, credentials, null);
    }

    /** The same request with one more header. */
    public HubRequest with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HubRequest(repository, method, uri, more, credentials, body);
    }

    /** The same request as a question with a body, such as the batch API of Git LFS: a POST that changes nothing at the hub. */
    public HubRequest asking(byte[] question) {
        return new HubRequest(repository, "POST", uri, headers, credentials, question.clone());
    }
}
