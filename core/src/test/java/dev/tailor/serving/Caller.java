package dev.tailor.serving;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A call on a thread of its own. */
final class Caller {
    private final FutureTask<Integer> task;
    private final Thread thread;
    private volatile boolean interruptedAfterwards;

    private Caller(Callable<Integer> call) {
        task = new FutureTask<>(() -> {
            try {
                return call.call();
            } finally {
                interruptedAfterwards = Thread.interrupted();
            }
        });
        thread = new Thread(task, "caller");
        thread.setDaemon(true);
    }

    static Caller start(Callable<Integer> call) {
        Caller caller = new Caller(call);
        caller.thread.start();
        return caller;
    }

    int answer() throws InterruptedException, ExecutionException {
        return task.get();
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean interruptedAfterwards() {
        return interruptedAfterwards;
    }
}
