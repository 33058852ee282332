package dev.tailor.hub;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a hub tells of a file before the file is taken. The file's first byte is asked for with GET, since a signed address is often
 * good for no other method. Immutable.
 *
 * @param answer status and headers of the host that holds the bytes, after all redirects; its body is empty unless it is an error
 * @param direct asks that host for the whole file
 * @param size bytes of the file, or -1 where the host does not tell
 */
public record Probe(HubResponse answer, HubRequest direct, long size) {
    private static final Pattern TOTAL = Pattern.compile("bytes\\s+[0-9]+-[0-9]+/([0-9]{1,18})");
    private static final int MOST_ERROR_BYTES = 64 * 1024;

    /**
     * Asks, again where that may help, and follows redirects; credentials go along only as far as their own origin.
     *
     * @throws HubException if there is no answer, redirects are endless or unsafe, or the thread is interrupted
     */
    public static Probe of(HubClient client, HubRequest request) {
        Retries attempts = new Retries(client.retries(), request.repository(), client.deadline());
        HubRequest asked = request.with("Range", "bytes=0-0");
        boolean ranged = true;
        while (true) {
            HubResponse response = null;
            IOException failure = null;
            try (Answer answer = client.openFollowing(asked)) {
                // A short body is read, which keeps the connection; a host that ignores the range is cut off.
                boolean sends = answer.status() / 100 == 2
                        && answer.headers().firstValueAsLong("Content-Length").orElse(Long.MAX_VALUE) > 1;
                response = sends
                        ? new HubResponse(answer.request(), answer.status(), answer.headers(), new byte[0])
                        : answer.inMemory(MOST_ERROR_BYTES);
            } catch (IOException e) {
                failure = HubClient.interruptedOr(request.repository(), e);
            }
            if (response != null && response.status() == 416 && ranged) {
                // An empty file has no first byte.
                asked = request;
                ranged = false;
            } else if (response != null && !client.mayHelp(response)) {
                return of(request, response);
            } else if (!attempts.again(
                    response != null ? response.toString() : String.valueOf(failure),
                    response != null ? client.demanded(response) : null)) {
                if (response != null) {
                    return of(request, response);
                }
                throw HubClient.unreachable(request, failure);
            }
        }
    }

    /** Whether the host would send the file. */
    public boolean isSuccess() {
        return answer.isSuccess();
    }

    /** The MD5 that Google Cloud Storage tells in {@code x-goog-hash}, or none. */
    public Digest googleMd5() {
        String base64 = googleMd5Base64();
        return base64 == null ? Digest.none() : Digest.md5Base64(base64);
    }

    /** The same in the header's own spelling, base64, or null. */
    public @Nullable String googleMd5Base64() {
        for (String header : answer.headers().allValues("x-goog-hash")) {
            for (String hash : header.split(",", -1)) {
                if (hash.strip().matches("md5=[A-Za-z0-9+/]{22}==")) {
                    return hash.strip().substring("md5=".length());
                }
            }
        }
        return null;
    }

    private static Probe of(HubRequest request, HubResponse response) {
        HubRequest direct = request.asAnswered(response.request());
        HubResponse shown = new HubResponse(
                direct, response.status(), response.headers(), response.isSuccess() ? new byte[0] : response.body());
        return new Probe(shown, direct, sizeOf(response));
    }

    private static long sizeOf(HubResponse response) {
        String encoding = response.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            // Every number is one of the coded body.
            return -1;
        }
        if (response.status() == 206) {
            String range = response.header("Content-Range");
            Matcher total = TOTAL.matcher(range == null ? "" : range.strip());
            return total.matches() ? Long.parseLong(total.group(1)) : -1;
        }
        return response.status() == 200
                ? response.headers().firstValueAsLong("Content-Length").orElse(-1)
                : -1;
    }
}
