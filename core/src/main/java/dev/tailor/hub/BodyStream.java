package dev.tailor.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream whose reads give up when nothing arrives for a while, and end on interruption. The stream
 * that java.net.http offers waits for ever.
 */
final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<BodyStream> {
    private static final List<ByteBuffer> END = List.of(ByteBuffer.allocate(0));

    private final Duration patience;
    private final Deadline deadline;
    private final LinkedBlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
    private final Deque<ByteBuffer> current = new ArrayDeque<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private volatile @Nullable Throwable failure;
    private boolean ended;

    BodyStream(Duration patience, Deadline deadline) {
        this.patience = patience;
        this.deadline = deadline;
    }

    @Override
    public CompletionStage<BodyStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription granted) {
        if (subscription.complete(granted)) {
            granted.request(1);
        } else {
            granted.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        arrived.add(List.copyOf(buffers));
    }

    @Override
    public void onError(Throwable thrown) {
        failure = thrown;
        arrived.add(END);
    }

    @Override
    public void onComplete() {
        arrived.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            ByteBuffer buffer = current.peek();
            if (buffer == null) {
                await();
            } else if (!buffer.hasRemaining()) {
                current.remove();
                if (current.isEmpty()) {
                    subscription.join().request(1);
                }
            } else {
                int count = Math.min(length, buffer.remaining());
                buffer.get(target, offset, count);
                return count;
            }
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IOException(thrown.getMessage(), thrown);
        }
        return -1;
    }

    /** Gives up the rest of the body; the connection is closed if there is one. */
    @Override
    public void close() {
        ended = true;
        if (!subscription.cancel(false)) {
            subscription.join().cancel();
        }
    }

    private void await() throws IOException {
        List<ByteBuffer> next;
        try {
            // A body that drips for ever never stalls.
            next = deadline.hasPassed()
                    ? null
                    : arrived.poll(deadline.atMost(patience).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
        if (next == null) {
            close();
            throw new HttpTimeoutException("the hub sent nothing for " + patience.toMillis() / 1000.0 + " s");
        }
        if (next == END) {
            ended = true;
        } else {
            current.addAll(next);
            if (current.isEmpty()) {
                subscription.join().request(1);
            }
        }
    }
}
