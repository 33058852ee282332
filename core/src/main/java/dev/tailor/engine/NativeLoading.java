package dev.tailor.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keeps DJL quiet while its native libraries load: no usage report, no download of a native library.
 *
 * <p>DJL reads three settings when its classes initialise, from the environment or from system properties. They are set for
 * just that moment and taken back, and only where the application has not set them itself, so other users of DJL in the same
 * process see what they configured. To allow downloads, set {@code ai.djl.offline=false}; to allow the report, set
 * {@code OPT_OUT_TRACKING=false}.
 */
public final class NativeLoading {
    private static final Map<String, String> QUIET =
            Map.of("OPT_OUT_TRACKING", "true", "ai.djl.offline", "true", "RUST_FLAVOR", "cpu");
    private static final NativeLoading PROCESS = new NativeLoading();

    private int actions;
    private final List<String> set = new ArrayList<>();

    private NativeLoading() {}

    /** Runs an action that initialises DJL classes. The settings stay until the last of those that run at once has ended. */
    public static <T> T quietly(Supplier<T> action) {
        PROCESS.begin();
        try {
            return action.get();
        } finally {
            PROCESS.end();
        }
    }

    private synchronized void begin() {
        if (actions++ == 0) {
            QUIET.forEach((key, value) -> {
                if (System.getProperty(key) == null && System.getenv(environmentName(key)) == null) {
                    System.setProperty(key, value);
                    set.add(key);
                }
            });
        }
    }

    private synchronized void end() {
        if (--actions == 0) {
            set.forEach(System::clearProperty);
            set.clear();
        }
    }

    private static String environmentName(String property) {
        return property.equals("ai.djl.offline") ? "DJL_OFFLINE" : property;
    }
}
