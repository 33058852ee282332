package dev.tailor.engine.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import dev.tailor.engine.EngineUnavailableException;
import dev.tailor.engine.NativeLoading;

/** Starts DJL's PyTorch engine, once per process, without telemetry and without downloads. */
final class TorchRuntime {
    private TorchRuntime() {}

    /**
     * The engine.
     *
     * @throws EngineUnavailableException if it cannot start, at every call again
     */
    static Engine engine() {
        if (Holder.OUTCOME instanceof Engine engine) {
            return engine;
        }
        Throwable cause = (Throwable) Holder.OUTCOME;
        throw new EngineUnavailableException(
                "The PyTorch engine cannot start: " + Holder.root(cause)
                        + ". The application must have ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 and"
                        + " ai.djl.pytorch:pytorch-native-cpu:2.7.1 (or pytorch-native-cu128) with the"
                        + " classifier of its platform (linux-x86_64, linux-aarch64, osx-aarch64, win-x86_64)"
                        + " on the class path.",
                cause);
    }

    /** The threads that a call takes unless it is told otherwise. */
    static int threads() {
        engine();
        return Standard.THREADS;
    }

    /** Read before any call sets a number of its own. */
    private static final class Standard {
        static final int THREADS = JniUtils.getNumThreads();
    }

    /** Starts the engine on a thread of its own; {@link #engine} waits for it, as for any class that initialises. */
    static void begin() {
        Starter.THREAD.getName();
    }

    /** The thread starts with this class, once in a process. */
    private static final class Starter {
        static final Thread THREAD = new Thread(Starter::start, "tailor-engine");

        static {
            THREAD.setDaemon(true);
            THREAD.start();
        }

        private static void start() {
            if (Holder.OUTCOME instanceof Engine) {
                // Nearly every model on the CPU asks for this; a part of what it takes is Java's own warming up.
                PackedKernels.work(Types.FLOAT32);
            }
        }
    }

    private static final class Holder {
        /** The engine, or what kept it from starting: an exception here would make the class itself unusable. */
        static final Object OUTCOME = NativeLoading.quietly(Holder::start);

        private static Object start() {
            try {
                Engine engine = Engine.getEngine("PyTorch");
                keepWithinLimit();
                return engine;
            } catch (EngineException | LinkageError e) {
                return e;
            }
        }

        /**
         * libtorch counts the machine's cores. In a container that may use fewer, its threads would stand in each other's way;
         * Java knows the limit. What the application chose itself stays.
         */
        private static void keepWithinLimit() {
            boolean chosen = System.getenv("OMP_NUM_THREADS") != null
                    || System.getenv("MKL_NUM_THREADS") != null
                    || System.getProperty("ai.djl.pytorch.num_threads") != null;
            int allowed = Runtime.getRuntime().availableProcessors();
            if (!chosen && JniUtils.getNumThreads() > allowed) {
                JniUtils.setNumThreads(allowed);
            }
        }

        private static String root(Throwable e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return String.valueOf(cause.getMessage());
        }
    }
}
