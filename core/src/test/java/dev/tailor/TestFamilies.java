package dev.tailor;

import dev.tailor.hub.Snapshot;
import dev.tailor.program.Architecture;
import dev.tailor.program.ArchitectureProvider;
import dev.tailor.program.Head;
import dev.tailor.program.Kind;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextEmbedder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** One small family and one task, found as those of an application would be. */
public final class TestFamilies implements ArchitectureProvider, TaskProvider {
    /** The model that the failing factory was given. */
    static final AtomicReference<PretrainedModel> GIVEN = new AtomicReference<>();

    private static final Architecture TINY = Architecture.of("tiny", "Tiny", TestFamilies::width, TestFamilies::build)
            .heads(Head.SEQUENCE_CLASSIFICATION)
            .aliases("tinier")
            .headKeys("classifier");

    /** For {@link java.util.ServiceLoader}. */
    public TestFamilies() {}

    private static long width(ModelConfig config) {
        return config.integer("hidden_size", 2);
    }

    private static Map<String, Value> build(Scope scope, long width, Head head) {
        Value x = scope.input("x", Kind.FLOAT, "batch", width);
        Value body = scope.features(scope.linear("body", x, width, false));
        return head == Head.BASE
                ? Map.of("last_hidden_state", body)
                : Map.of("logits", scope.linear("classifier", body, 3, false));
    }

    @Override
    public List<Architecture> architectures() {
        return List.of(TINY);
    }

    @Override
    public List<TaskFactory<?, ?>> factories() {
        return List.of(new Failing(), new Lacking());
    }

    /** Cannot make its pipeline. */
    private static final class Failing implements TaskFactory<String, TextClassifier> {
        @Override
        public Task<TextClassifier> task() {
            return Task.TEXT_CLASSIFICATION;
        }

        @Override
        public Head head() {
            return Head.SEQUENCE_CLASSIFICATION;
        }

        @Override
        public Preprocessor<String> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TextClassifier create(PretrainedModel model) {
            GIVEN.set(model);
            throw new TailorException("there is no tokenizer");
        }
    }

    /** Wants a head that the family has not. */
    private static final class Lacking implements TaskFactory<String, TextEmbedder> {
        @Override
        public Task<TextEmbedder> task() {
            return Task.TEXT_EMBEDDING;
        }

        @Override
        public Head head() {
            return Head.MASKED_LM;
        }

        @Override
        public Preprocessor<String> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TextEmbedder create(PretrainedModel model) {
            throw new UnsupportedOperationException();
        }
    }
}
