package dev.tailor.engine.torch;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The modules that are loaded in this process, so that a model which is loaded twice holds its weights once. The last network
 * that lets go of a module closes it.
 */
final class SharedModules {
    private static final SharedModules PROCESS = new SharedModules();

    private final ConcurrentMap<ModuleKey, Lease> leases = new ConcurrentHashMap<>();

    private SharedModules() {}

    static SharedModules process() {
        return PROCESS;
    }

    /** A module and how many use it. */
    final class Lease {
        private final Optional<ModuleKey> key;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable TorchModule module;
        private int users;
        private boolean gone;

        private Lease(Optional<ModuleKey> key) {
            this.key = key;
        }

        /** Counts one user more, loading first where there is none; false if the last one has just let go. */
        private boolean taken(Supplier<TorchModule> load) {
            lock.lock();
            try {
                if (!gone && module == null) {
                    try {
                        module = load.get();
                    } finally {
                        if (module == null) {
                            forget();
                        }
                    }
                }
                users++;
                return !gone;
            } finally {
                lock.unlock();
            }
        }

        TorchModule module() {
            if (module == null) {
                throw new IllegalStateException("the lease was never taken");
            }
            return module;
        }

        /** Lets go; the last user closes the module, after the calls that run. */
        void release() {
            lock.lock();
            try {
                if (--users == 0) {
                    forget();
                    module().close();
                }
            } finally {
                lock.unlock();
            }
        }

        private void forget() {
            gone = true;
            key.ifPresent(k -> leases.remove(k, this));
        }
    }

    /**
     * Takes the module of a key, or loads it; who calls must {@link Lease#release} it once.
     *
     * @param key empty for a module that nobody else may have
     */
    Lease take(Optional<ModuleKey> key, Supplier<TorchModule> load) {
        while (true) {
            Lease lease = key.isPresent() ? leases.computeIfAbsent(key.get(), k -> new Lease(key)) : new Lease(key);
            if (lease.taken(load)) {
                return lease;
            }
        }
    }

    /** How many different modules are loaded that could be shared. */
    int size() {
        return leases.size();
    }
}
