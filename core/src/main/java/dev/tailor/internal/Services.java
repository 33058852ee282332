package dev.tailor.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds service providers where applications and containers put them: the context class loader first, then Tailor's own. */
public final class Services {
    private Services() {}

    /** All providers of a type, each class once. */
    public static <T> List<T> all(Class<T> type) {
        List<T> found = new ArrayList<>();
        collect(type, Thread.currentThread().getContextClassLoader(), found);
        collect(type, Services.class.getClassLoader(), found);
        return found;
    }

    private static <T> void collect(Class<T> type, @Nullable ClassLoader loader, List<T> found) {
        for (T provider : ServiceLoader.load(type, loader)) {
            if (found.stream().noneMatch(p -> p.getClass() == provider.getClass())) {
                found.add(provider);
            }
        }
    }
}
