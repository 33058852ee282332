package dev.tailor.engine.torch;

import dev.tailor.program.TracedModel;
import dev.tailor.program.WeightSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files under a model's weights, with what tells one content from another. */
final class StoredFiles {
    private static final Logger log = LoggerFactory.getLogger(StoredFiles.class);
    /** A file that is younger may still change without its time of change telling so. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private StoredFiles() {}

    /** A file as the system describes it. */
    record State(Path path, long size, Instant changed, String id) {}

    /** A tensor in a file. */
    record Tensor(String name, State file) {}

    /** For each weight, by key, the tensor it is; those that cannot be told from others with certainty are absent. */
    static Map<String, Tensor> of(TracedModel model) {
        Map<String, Optional<State>> files = new HashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (WeightSpec spec : model.program().weights().values()) {
            if (!spec.isNew()) {
                files.computeIfAbsent(model.weights().checkpoint().location(spec.stored()), StoredFiles::state)
                        .ifPresent(file -> tensors.put(spec.key(), new Tensor(spec.stored(), file)));
            }
        }
        return tensors;
    }

    private static Optional<State> state(String location) {
        try {
            Path path = Path.of(location).toRealPath();
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            Instant changed = found.lastModifiedTime().toInstant();
            return changed.isAfter(Instant.now().minus(SETTLED))
                    ? Optional.empty()
                    : Optional.of(new State(path, found.size(), changed, String.valueOf(found.fileKey())));
        } catch (IOException | InvalidPathException e) {
            log.debug("the weights are not shared: {}", location, e);
            return Optional.empty();
        }
    }
}
