package dev.tailor;

import dev.tailor.engine.Engine;
import dev.tailor.internal.Services;
import dev.tailor.program.Architecture;
import dev.tailor.program.ArchitectureProvider;
import dev.tailor.program.ModelConfig;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is on the class path: model families, tasks and engines. */
public final class Registry {
    private static final int ALIKE = 5;
    private static final String ADD_ZOO = " Add dev.tailor:tailor-zoo to the class path.";

    private Registry() {}

    /** All model families. */
    public static List<Architecture> architectures() {
        return Services.all(ArchitectureProvider.class).stream()
                .flatMap(p -> p.architectures().stream())
                .toList();
    }

    /** All task factories. */
    public static List<TaskFactory<?, ?>> tasks() {
        return Services.all(TaskProvider.class).stream()
                .<TaskFactory<?, ?>>flatMap(p -> p.factories().stream())
                .toList();
    }

    /**
     * The family of a config.
     *
     * @throws TailorException if the {@code model_type} is missing or not supported; names those that are
     */
    public static Architecture architecture(ModelConfig config) {
        String type = config.modelType();
        return Services.all(ArchitectureProvider.class).stream()
                .flatMap(p -> p.architecture(type).stream())
                .findFirst()
                .orElseThrow(() -> unsupported(config));
    }

    private static TailorException unsupported(ModelConfig config) {
        String type = config.modelType();
        List<Architecture> all = architectures();
        return new TailorException(config.source() + ": "
                + (type.isEmpty()
                        ? "there is no \"model_type\""
                        : "the model_type \"" + type + "\" (" + config.architectures() + ") is not supported")
                + ". Supported are "
                + all.stream().flatMap(a -> a.modelTypes().stream()).collect(Collectors.toCollection(TreeSet::new))
                + "."
                + near(type, all)
                + (all.isEmpty() ? ADD_ZOO : ""));
    }

    /** Networks of the same library with a name that begins alike. */
    private static String near(String type, List<Architecture> all) {
        int slash = type.indexOf('/');
        if (slash < 0) {
            return "";
        }
        String begin = type.substring(0, Math.min(type.length(), slash + 1 + ALIKE));
        List<String> alike = all.stream()
                .flatMap(a -> a.variants().stream())
                .filter(name -> name.startsWith(begin))
                .sorted()
                .toList();
        return alike.isEmpty() ? "" : " Known by names like that are " + alike + ".";
    }

    /**
     * The factory of a task.
     *
     * @throws TailorException if nothing on the class path serves it
     */
    // The factory was found by a task that carries the pipeline's type.
    @SuppressWarnings("unchecked")
    public static <I, P extends Pipeline<I, ?>> TaskFactory<I, P> factory(Task<P> task) {
        return (TaskFactory<I, P>) tasks().stream()
                .filter(f -> f.task().equals(task))
                .findFirst()
                .orElseThrow(
                        () -> new TailorException("Nothing on the class path serves the task " + task + "; there are "
                                + tasks().stream().map(f -> f.task().name()).toList() + "." + ADD_ZOO));
    }

    /**
     * An engine by its name, or the first one for an empty name.
     *
     * @throws TailorException if there is none
     */
    public static Engine engine(String name) {
        List<Engine> all = Services.all(Engine.class);
        return all.stream()
                .filter(e -> name.isEmpty() || e.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new TailorException("There is no engine \"" + name + "\"; there are "
                        + all.stream().map(Engine::name).toList()));
    }
}
