package dev.tailor.engine.torch;

import ai.djl.Device;
import dev.tailor.program.TracedModel;
import dev.tailor.program.WeightSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes two modules the same: the code, which carries head and precision, the device, and the very files and tensors
 * under it.
 *
 * @param code the module's code
 * @param device where it runs
 * @param threads the threads of a call
 * @param tensors the stored names in the order of the module
 * @param files the files, with what tells one content from another
 */
record ModuleKey(String code, Device device, int threads, List<String> tensors, Set<FileState> files) {
    private static final Logger log = LoggerFactory.getLogger(ModuleKey.class);
    /** A file that is younger may still change without its time of change telling so. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    /** A file as the system describes it. */
    record FileState(Path path, long size, Instant changed, String id) {}

    /** The key, or nothing if the module cannot be told from another with certainty. */
    static Optional<ModuleKey> of(TorchModuleText text, Device device, int threads, TracedModel model) {
        List<String> tensors = new ArrayList<>();
        Set<String> locations = new LinkedHashSet<>();
        for (WeightSpec spec : model.program().weights().values()) {
            if (spec.isNew()) {
                return Optional.empty();
            }
            tensors.add(spec.stored());
            String location = model.weights().checkpoint().location(spec.stored());
            tensors.add(location);
            locations.add(location);
        }
        Set<FileState> files = new LinkedHashSet<>();
        try {
            for (String location : locations) {
                Path path = Path.of(location).toRealPath();
                BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
                Instant changed = found.lastModifiedTime().toInstant();
                if (changed.isAfter(Instant.now().minus(SETTLED))) {
                    return Optional.empty();
                }
                files.add(new FileState(path, found.size(), changed, String.valueOf(found.fileKey())));
            }
        } catch (IOException | InvalidPathException e) {
            log.debug("the weights are not shared: {}", locations, e);
            return Optional.empty();
        }
        return Optional.of(new ModuleKey(text.code(), device, threads, tensors, files));
    }
}
