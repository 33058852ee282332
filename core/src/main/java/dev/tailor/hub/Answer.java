package dev.tailor.hub;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

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
                    throw refused("is larger than " + limit + " bytes");
                }
                break;
            }
            if (System.nanoTime() - begin > LONGEST.toNanos()) {
                throw new HttpTimeoutException("the answer took more than " + LONGEST.toSeconds() + " s");
            }
        }
        return new HubResponse(request, status, headers, plain(bytes.toByteArray(), limit));
    }

    /** Some proxies compress what was asked for plain; a text can be restored, as far as the limit allows. */
    private byte[] plain(byte[] bytes, int limit) throws IOException {
        String coding =
                headers.firstValue("Content-Encoding").orElse("identity").strip();
        if (bytes.length == 0 || coding.isEmpty() || coding.equalsIgnoreCase("identity")) {
            return bytes;
        }
        if (!coding.equalsIgnoreCase("gzip") && !coding.equalsIgnoreCase("x-gzip")) {
            throw refused("is coded as " + Unpacking.shown(coding) + ", which was not asked for");
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] text = in.readNBytes(limit);
            if (text.length == limit && status / 100 == 2) {
                throw refused("is larger than " + limit + " bytes");
            }
            return text;
        } catch (ZipException | EOFException e) {
            if (status / 100 != 2) {
                return new byte[0];
            }
            throw e;
        }
    }

    private HubException refused(String why) {
        return new HubException(
                request.repository() + ": the hub's answer " + why,
                request.repository(),
                request.uri(),
                status,
                false,
                null);
    }

    @Override
    public void close() {
        body.close();
    }
}
