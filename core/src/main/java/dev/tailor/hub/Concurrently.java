package dev.tailor.hub;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The files of one fetch side by side, on threads that end with it. Their events reach the listener on the calling thread, one after
 * the other, so that a listener need not be safe for threads.
 */
public final class Concurrently {
    /** What brings one file. */
    @FunctionalInterface
    public interface Job {
        /** Runs on any thread, reporting to that listener; ends soon when its thread is interrupted. */
        void run(DownloadListener listener) throws IOException;
    }

    private final ConcurrentLinkedQueue<Job> jobs;
    private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final DownloadListener listener;

    /** Threads of which the calling thread has not heard that they are done. */
    private int working;

    private Concurrently(List<Job> jobs, DownloadListener listener) {
        this.jobs = new ConcurrentLinkedQueue<>(jobs);
        this.listener = listener;
    }

    /**
     * Runs all jobs and returns when all are done. The first failure, also one of the listener, ends the others and is thrown; what
     * follows from it is not.
     *
     * @param what names the model in messages
     * @param threads most jobs at once; a single job, or one at a time, runs on the calling thread
     * @throws HubException if the calling thread is interrupted
     */
    public static void run(String what, List<Job> jobs, int threads, DownloadListener listener) throws IOException {
        if (threads <= 1 || jobs.size() <= 1) {
            for (Job job : jobs) {
                job.run(listener);
            }
            return;
        }
        new Concurrently(jobs, listener).run(what, Math.min(threads, jobs.size()));
    }

    private void run(String what, int count) throws IOException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::work, "tailor-fetch-" + (i + 1));
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        try {
            working = count;
            // After a failure, what the others still do is in vain.
            while (working > 0 && failure.get() == null) {
                events.take().run();
            }
        } catch (InterruptedException e) {
            throw Retries.interrupted(what, e);
        } finally {
            stop(threads);
        }
        rethrow();
    }

    private void work() {
        try {
            for (Job job = jobs.poll(); job != null && failure.get() == null; job = jobs.poll()) {
                job.run(new Relay());
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
        events.add(this::ended);
    }

    private void ended() {
        working--;
    }

    private void stop(List<Thread> threads) {
        jobs.clear();
        Threads.end(threads);
    }

    private void rethrow() throws IOException {
        Throwable thrown = failure.get();
        if (thrown instanceof IOException io) {
            throw io;
        }
        if (thrown instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    /** Hands what a job reports to the calling thread. */
    private final class Relay implements DownloadListener {
        @Override
        public void started(String file, long total) {
            events.add(() -> listener.started(file, total));
        }

        @Override
        public void progress(String file, long bytesSoFar, long total) {
            events.add(() -> listener.progress(file, bytesSoFar, total));
        }

        @Override
        public void finished(String file, long total) {
            events.add(() -> listener.finished(file, total));
        }
    }
}
