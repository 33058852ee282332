package dev.tailor.zoo.pipelines;

import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import java.nio.file.Path;
import java.util.function.DoubleUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a cross-encoder of sentence-transformers does around the network.
 *
 * @param prompt stands before every query
 * @param activation makes a score of the network's output
 */
record CrossEncoderSteps(String prompt, DoubleUnaryOperator activation) {
    static final DoubleUnaryOperator SIGMOID = x -> 1 / (1 + Math.exp(-x));
    private static final Logger log = LoggerFactory.getLogger(CrossEncoderSteps.class);
    private static final String KEY = "activation_fn";
    private static final String OLD_KEY = "sbert_ce_default_activation_function";

    static CrossEncoderSteps read(Snapshot snapshot, ModelConfig config) {
        SentenceSettings settings = SentenceSettings.read(snapshot);
        String path = settings.text(KEY);
        if (path.isEmpty()) {
            path = config.section("sentence_transformers")
                    .map(section -> section.text(KEY, ""))
                    .orElseGet(() -> config.text(OLD_KEY, ""));
        }
        return new CrossEncoderSteps(settings.defaultPrompt(), activation(path, snapshot.require("config.json")));
    }

    /** The reference trusts PyTorch's own functions only, and takes its default for all others. */
    private static DoubleUnaryOperator activation(String path, Path file) {
        if (path.isEmpty()) {
            return SIGMOID;
        }
        if (!path.startsWith("torch.")) {
            log.warn("{} asks for the activation {}, which is code of its own; a sigmoid is taken instead", file, path);
            return SIGMOID;
        }
        return SentenceModule.activation(path.substring(path.lastIndexOf('.') + 1), file);
    }
}
