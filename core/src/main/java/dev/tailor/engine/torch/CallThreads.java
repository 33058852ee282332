package dev.tailor.engine.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many threads libtorch's operators take within a call. libtorch keeps the number for each thread that calls it, so a call
 * that wants another one sets it and puts it back.
 */
final class CallThreads {
    /** The numbers that calls have set for themselves. */
    private static final Set<Integer> TEMPORARY = ConcurrentHashMap.newKeySet();
    /** The threads that have called before. */
    private static final ThreadLocal<Boolean> KNOWN = ThreadLocal.withInitial(() -> false);

    private CallThreads() {}

    /**
     * Sets the number for this thread.
     *
     * @param wanted the number, or 0 to leave what the application has chosen
     * @return what to give to {@link #leave}
     */
    static int enter(int wanted) {
        if (!KNOWN.get()) {
            KNOWN.set(true);
            introduce();
        }
        int before = wanted > 0 ? JniUtils.getNumThreads() : 0;
        if (before == wanted) {
            return 0;
        }
        TEMPORARY.add(wanted);
        JniUtils.setNumThreads(wanted);
        return before;
    }

    /** Puts the number back. */
    static void leave(int before) {
        if (before > 0) {
            JniUtils.setNumThreads(before);
        }
    }

    /** A thread that is new to libtorch gets the number that was set last, which may be another call's own. */
    private static void introduce() {
        int standard = TorchRuntime.threads();
        int found = JniUtils.getNumThreads();
        if (found != standard && TEMPORARY.contains(found)) {
            JniUtils.setNumThreads(standard);
        }
    }
}
