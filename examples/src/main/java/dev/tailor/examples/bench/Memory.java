package dev.tailor.examples.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What a process holds outside of the Java heap. */
final class Memory {
    private Memory() {}

    /** A line of {@code /proc/self/status} such as {@code VmRSS} in kilobytes, or -1 where there is none. */
    static long kilobytes(String name) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(-1);
    }

    /** The native arrays, modules and managers that DJL's PyTorch engine holds in this process. */
    static int nativeObjects() {
        try (NDManager some = Engine.getEngine("PyTorch").newBaseManager()) {
            // The manager that was made to ask counts itself.
            return count(some.getParentManager()) - 1;
        }
    }

    private static int count(NDManager manager) {
        int sum = 0;
        for (Object resource : resources(manager).values()) {
            sum += 1 + (resource instanceof NDManager inner ? count(inner) : 0);
        }
        return sum;
    }

    /** DJL counts what it holds but tells only a log; the count itself is a field. */
    private static Map<?, ?> resources(NDManager manager) {
        try {
            Field field = BaseNDManager.class.getDeclaredField("resources");
            field.setAccessible(true);
            return (Map<?, ?>) field.get(manager);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of DJL does not hold its resources as expected", e);
        }
    }
}
