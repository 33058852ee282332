package dev.tailor.engine;

import java.util.LinkedHashMap;
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
    private static final Object LOCK = new Object();

    private NativeLoading() {}

    /** Runs an action that initialises DJL classes; one at a time in the whole process. */
    public static <T> T quietly(Supplier<T> action) {
        synchronized (LOCK) {
            Map<String, String> set = new LinkedHashMap<>();
            QUIET.forEach((key, value) -> {
                if (System.getProperty(key) == null && System.getenv(environmentName(key)) == null) {
                    System.setProperty(key, value);
                    set.put(key, value);
                }
            });
            try {
                return action.get();
            } finally {
                set.keySet().forEach(System::clearProperty);
            }
        }
    }

    private static String environmentName(String property) {
        return property.equals("ai.djl.offline") ? "DJL_OFFLINE" : property;
    }
}
