package dev.tailor.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** An answer whose body is still on its way. */
record Answer(HubRequest request, int status, HttpHeaders headers, BodyStream body) implements AutoCloseable {
    /** A hub that feeds a listing byte by byte must not hold the caller for hours. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** Reads the body. An error's body is cut at the limit, since it only serves the message; any other must fit. */
    HubResponse inMemory(int limit) throws IOException {
        long begin = System.nanoTime();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int count; (count = body.read(buffer)) >= 0; ) {
            bytes.write(buffer, 0, Math.min(count, limit - bytes.size()));
            if (bytes.size() >= limit) {
                if (status / 100 == 2) {
                    throw new HubException(
                            request.repository() + ": the hub's answer is larger than " + limit + " bytes",
                            request.repository(),
                            request.uri(),
                            status,
                            false,
                            null);
                }
                break;
            }
            if (System.nanoTime() - begin > LONGEST.toNanos()) {
                throw new HttpTimeoutException("the answer took more than " + LONGEST.toSeconds() + " s");
            }
        }
        return new HubResponse(request, status, headers, bytes.toByteArray());
    }

    @Override
    public void close() {
        body.close();
    }
}
