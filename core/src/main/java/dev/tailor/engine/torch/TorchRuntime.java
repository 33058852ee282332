package dev.tailor.engine.torch;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
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

    private static final class Holder {
        /** The engine, or what kept it from starting: an exception here would make the class itself unusable. */
        static final Object OUTCOME = NativeLoading.quietly(Holder::start);

        private static Object start() {
            try {
                return Engine.getEngine("PyTorch");
            } catch (EngineException | LinkageError e) {
                return e;
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
