package dev.tailor.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Gathers the bytes of one file in a partial, over as many answers as it takes. Used by one thread. */
final class Transfer {
    private static final Pattern CONTENT_RANGE =
            Pattern.compile("bytes\\s+([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18}|\\*)");
    private static final int REPORT_EVERY = 1 << 20;

    private final HubClient client;
    private final Download download;
    private final Path partial;
    private final DownloadListener listener;
    private final Retries retries;
    private HubRequest request;
    private boolean first = true;

    /** Bytes of the whole file, or -1 while unknown. */
    private long total;

    Transfer(HubClient client, Download download, Path partial, DownloadListener listener) {
        this.client = client;
        this.download = download;
        this.partial = partial;
        this.listener = listener;
        this.retries = new Retries(client.retries(), download.what());
        this.request = download.first();
        this.total = download.size();
    }

    /** Bytes of a file, or -1 if there is none. */
    static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    /** Returns when the partial holds as many bytes as the file has. */
    void run() throws IOException {
        listener.started(download.file(), total);
        if (total >= 0 && sizeOf(partial) > total) {
            Files.delete(partial);
        }
        if (total == 0) {
            FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        }
        checkSpace();
        while (total < 0 || sizeOf(partial) < total) {
            if (attempt()) {
                return;
            }
        }
    }

    /** One answer; true when the body ended and no size says that bytes are missing. */
    private boolean attempt() throws IOException {
        long have = Math.max(0, sizeOf(partial));
        Answer answer;
        try {
            answer = client.openFollowing(have > 0 ? request.with("Range", "bytes=" + have + "-") : request);
        } catch (IOException e) {
            IOException failure = HubClient.interruptedOr(download.what(), e);
            again(failure.toString(), null, () -> HubClient.unreachable(request, failure));
            return false;
        }
        try (answer) {
            if (answer.status() == 200) {
                if (have > 0) {
                    Files.delete(partial);
                }
                return receive(answer, 0);
            }
            if (answer.status() == 206 && have > 0 && continues(answer, have)) {
                return receive(answer, have);
            }
            if (answer.status() == 206 || answer.status() == 416) {
                // The hub's file is not the one that this part is of.
                Files.deleteIfExists(partial);
                again(
                        "the hub does not continue at byte " + have,
                        null,
                        () -> failed("the hub answers ranges wrongly"));
                return false;
            }
            refuse(answer);
            return false;
        }
    }

    private void refuse(Answer answer) {
        HubResponse response;
        try {
            response = answer.inMemory(64 * 1024);
        } catch (IOException e) {
            IOException failure = HubClient.interruptedOr(download.what(), e);
            again(failure.toString(), null, () -> HubClient.unreachable(request, failure));
            return;
        }
        boolean expired =
                first && response.status() / 100 == 4 && !download.first().equals(download.again());
        if (response.isRetriable() || expired) {
            again(
                    response.toString(),
                    response.retryAfter(),
                    () -> download.errors().apply(response));
            return;
        }
        throw download.errors().apply(response);
    }

    private boolean continues(Answer answer, long have) {
        Matcher range = CONTENT_RANGE.matcher(
                answer.headers().firstValue("Content-Range").orElse(""));
        if (!range.matches() || Long.parseLong(range.group(1)) != have) {
            return false;
        }
        if (range.group(2).equals("*")) {
            return true;
        }
        long told = Long.parseLong(range.group(2));
        if (total < 0) {
            total = told;
        }
        return told == total;
    }

    private boolean receive(Answer answer, long from) throws IOException {
        if (total < 0 && from == 0) {
            total = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
            checkSpace();
        }
        if (answer.headers()
                .firstValue("Content-Encoding")
                .filter(e -> !e.equalsIgnoreCase("identity"))
                .isPresent()) {
            throw failed("the hub sends it compressed although it was asked not to");
        }
        long position = from;
        IOException cut = null;
        try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[64 * 1024];
            long reported = from;
            while (true) {
                int count;
                try {
                    count = answer.body().read(buffer);
                } catch (IOException e) {
                    cut = HubClient.interruptedOr(download.what(), e);
                    break;
                }
                if (count < 0) {
                    break;
                }
                if (total >= 0 && position + count > total) {
                    throw failed("the hub sends more than the " + total + " bytes that it announces");
                }
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    position += out.write(bytes, position);
                }
                if (position - reported >= REPORT_EVERY || position == total) {
                    listener.progress(download.file(), position, total);
                    reported = position;
                }
            }
            out.force(true);
        }
        if (position > from) {
            retries.progressed();
        }
        if (cut == null && (total < 0 || position >= total)) {
            return true;
        }
        IOException failure =
                cut != null ? cut : new IOException("the body ended at byte " + position + " of " + total);
        long kept = position;
        again(failure.toString(), null, () -> brokenOff(answer.request(), kept, failure));
        return false;
    }

    private HubException brokenOff(HubRequest answered, long kept, IOException failure) {
        return new HubException(
                download.what() + ": the download from " + answered.uri().getHost() + " broke off too often ("
                        + failure.getMessage() + "). " + kept
                        + (total < 0 ? "" : " of " + total) + " bytes are kept; fetching again goes on from there.",
                download.repository(),
                answered.uri(),
                0,
                true,
                failure);
    }

    private void again(String why, @Nullable Duration demanded, Supplier<HubException> otherwise) {
        if (!retries.again(why, demanded)) {
            throw otherwise.get();
        }
        request = download.again();
        first = false;
    }

    private void checkSpace() throws IOException {
        Path folder = partial.toAbsolutePath().getParent();
        if (total < 0 || folder == null) {
            return;
        }
        long missing = total - Math.max(0, sizeOf(partial));
        FileStore store = Files.getFileStore(folder);
        long free = store.getUsableSpace();
        // Some network file systems tell 0 or less when they do not know.
        if (free > 0 && free < missing) {
            throw failed("it needs " + missing + " more bytes, but " + folder + " has " + free
                    + " left. Free some space or choose another cache folder.");
        }
    }

    private HubException failed(String why) {
        return new HubException(download.what() + ": " + why, download.repository(), request.uri(), 0, false, null);
    }
}
