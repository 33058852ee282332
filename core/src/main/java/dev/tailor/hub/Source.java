package dev.tailor.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the bytes of one file come from: which address is asked, what failures mean and when they are too many. Used by one thread. */
final class Source {
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes\\s+([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");

    private final HubClient client;
    private final Download download;
    private final Retries retries;
    private HubRequest request;

    Source(HubClient client, Download download) {
        this(client, download, download.first());
    }

    /** Asks that address first, such as the one that another source has been led to. */
    Source(HubClient client, Download download, HubRequest request) {
        this.client = client;
        this.download = download;
        this.retries = new Retries(client.retries(), download.what(), client.deadline());
        this.request = request;
    }

    /**
     * The next answer that is 200, 206 or 416, however many attempts it takes.
     *
     * @param range value of the header {@code Range}, or null for the whole file
     * @throws HubException if the hub refuses, or the attempts are used up
     */
    Answer open(@Nullable String range) {
        while (true) {
            Answer answer;
            try {
                answer = client.openFollowing(range == null ? request : request.with("Range", range));
            } catch (IOException e) {
                again(e);
                continue;
            }
            if (answer.status() == 200 || answer.status() == 206 || answer.status() == 416) {
                // Later ranges need not go through the hub again.
                request = request.asAnswered(answer.request());
                return answer;
            }
            try (answer) {
                refuse(answer.inMemory(64 * 1024));
            } catch (IOException e) {
                again(e);
            }
        }
    }

    /** What is asked at the moment, without a range. */
    HubRequest request() {
        return request;
    }

    /** The number of bytes of the whole file if the answer begins at that byte, -1 if it does and the number is unknown, else -2. */
    static long continues(Answer answer, long from) {
        Matcher range = CONTENT_RANGE.matcher(
                answer.headers().firstValue("Content-Range").orElse(""));
        if (answer.status() != 206 || !range.matches() || Long.parseLong(range.group(1)) != from) {
            return -2;
        }
        return range.group(2).equals("*") ? -1 : Long.parseLong(range.group(2));
    }

    void progressed() {
        retries.progressed();
    }

    /** Bytes as they are: a coding would change their number and their digest. */
    void requirePlain(Answer answer) {
        String coding = answer.headers().firstValue("Content-Encoding").orElse("identity");
        if (!coding.isBlank() && !coding.equalsIgnoreCase("identity")) {
            throw failed("the hub sends it compressed (" + Unpacking.shown(coding) + ") although it was asked not to."
                    + " A proxy in between may do so");
        }
    }

    /** After a body that broke off: waits and turns to the hub, or gives up. */
    void cut(IOException e, Answer answer, long kept, long total) {
        IOException failure = HubClient.interruptedOr(download.what(), e);
        again(failure.toString(), null, () -> brokenOff(answer.request(), kept, total, failure));
    }

    /** After an answer that does not fit: waits and turns to the hub, or gives up. */
    void again(String why, @Nullable Duration demanded, Supplier<HubException> otherwise) {
        if (!retries.again(why, demanded)) {
            throw otherwise.get();
        }
        request = download.again();
    }

    HubException failed(String why) {
        return new HubException(
                download.what() + ": " + why + ".", download.repository(), request.uri(), 0, false, null);
    }

    private void again(IOException e) {
        IOException failure = HubClient.interruptedOr(download.what(), e);
        HubRequest asked = request;
        again(failure.toString(), null, () -> HubClient.unreachable(asked, failure));
    }

    private void refuse(HubResponse response) {
        // A signed address expires; the hub gives a new one.
        boolean expired = response.status() / 100 == 4
                && !request.uri().equals(download.again().uri());
        if (!client.mayHelp(response) && !expired) {
            throw download.errors().apply(response);
        }
        again(
                response.toString(),
                client.demanded(response),
                () -> download.errors().apply(response));
    }

    private HubException brokenOff(HubRequest answered, long kept, long total, IOException failure) {
        return new UnavailableException(
                UnavailableException.Reason.CUT,
                download.what() + ": the download from " + answered.uri().getHost() + " broke off too often ("
                        + failure.getMessage() + "). " + kept
                        + (total < 0 ? "" : " of " + total) + " bytes are kept; fetching again goes on from there.",
                download.repository(),
                answered.uri(),
                0,
                failure);
    }
}
