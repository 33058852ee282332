package dev.tailor.zoo.pipelines;

import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.Classification;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextPair;
import dev.tailor.task.TextPairClassifier;
import java.util.List;

/** {@link Task#TEXT_PAIR_CLASSIFICATION}: a text classifier that reads two texts at once. */
public final class TextPairClassification implements TaskFactory<TextPair, TextPairClassifier> {
    private final TextClassification single = new TextClassification();

    @Override
    public Task<TextPairClassifier> task() {
        return Task.TEXT_PAIR_CLASSIFICATION;
    }

    @Override
    public Head head() {
        return Head.SEQUENCE_CLASSIFICATION;
    }

    @Override
    public Preprocessor<TextPair> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return PairPreprocessor.open(snapshot, config, program, List::of);
    }

    @Override
    public TextPairClassifier create(PretrainedModel model) {
        return new Classifier(single.create(model));
    }

    private record Classifier(TextClassifier texts) implements TextPairClassifier {
        @Override
        public Classification predict(TextPair pair) {
            return texts.classify(pair.first(), pair.second());
        }

        @Override
        public List<Classification> predict(List<TextPair> pairs) {
            return texts.classifyPairs(pairs);
        }

        @Override
        public List<String> labels() {
            return texts.labels();
        }

        @Override
        public PretrainedModel model() {
            return texts.model();
        }

        @Override
        public void close() {
            texts.close();
        }
    }
}
