package dev.tailor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.tailor.engine.Network;
import dev.tailor.program.Program;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A network that is compiled on a thread of its own, while the caller reads the tokenizer and the like. Whatever needs the
 * network waits for it and throws what compiling threw.
 */
final class PendingNetwork implements Network {
    private final Program program;
    private final FutureTask<Outcome> task;

    /** The network, or what went wrong. */
    private record Outcome(
            @Nullable Network network, @Nullable Throwable failure) {
        static Outcome of(Supplier<Network> compile) {
            try {
                return new Outcome(compile.get(), null);
            } catch (RuntimeException | Error e) {
                return new Outcome(null, e);
            }
        }
    }

    private PendingNetwork(Program program, FutureTask<Outcome> task) {
        this.program = program;
        this.task = task;
    }

    static PendingNetwork begin(Program program, Supplier<Network> compile) {
        FutureTask<Outcome> task = new FutureTask<>(() -> Outcome.of(compile));
        Thread thread = new Thread(task, "tailor-load");
        thread.setDaemon(true);
        thread.start();
        return new PendingNetwork(program, task);
    }

    /** Waits. An interrupt does not end that, which is short, but stays with the thread. */
    private Outcome outcome() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("outcomes are made without exceptions", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What went wrong, or null. */
    @Nullable
    Throwable failure() {
        return outcome().failure();
    }

    /** The network, or what went wrong is thrown. */
    Network ready() {
        Outcome outcome = outcome();
        if (outcome.failure() instanceof Error error) {
            throw error;
        } else if (outcome.failure() instanceof RuntimeException failure) {
            throw failure;
        }
        return Objects.requireNonNull(outcome.network());
    }

    @Override
    public NDManager newManager() {
        return ready().newManager();
    }

    @Override
    public Map<String, NDArray> forward(Map<String, NDArray> inputs) {
        return ready().forward(inputs);
    }

    @Override
    public Program program() {
        return program;
    }

    @Override
    public Device device() {
        return ready().device();
    }

    @Override
    public Block block() {
        return ready().block();
    }

    @Override
    public void close() {
        @Nullable Network network = outcome().network();
        if (network != null) {
            network.close();
        }
    }
}
