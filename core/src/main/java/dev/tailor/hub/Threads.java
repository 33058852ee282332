package dev.tailor.hub;

import java.util.List;

/** How threads of a download end. */
final class Threads {
    private static final long PATIENCE_MILLIS = 10_000;

    private Threads() {}

    /** Interrupts threads and waits for them. An interrupt of the caller does not end that, but stays with it. */
    static void end(List<Thread> threads) {
        threads.forEach(Thread::interrupt);
        boolean interrupted = Thread.interrupted();
        for (Thread thread : threads) {
            try {
                // They end at once unless the disk hangs, for which nobody need wait.
                thread.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
