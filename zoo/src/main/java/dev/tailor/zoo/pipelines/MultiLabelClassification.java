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
import dev.tailor.task.MultiLabelClassifier;
import dev.tailor.task.ScoreFunction;
import dev.tailor.task.TextClassifier;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import java.util.List;

/** {@link Task#MULTI_LABEL_CLASSIFICATION}: a text classifier with a sigmoid for each label, whatever the config says. */
public final class MultiLabelClassification implements TaskFactory<String, MultiLabelClassifier> {
    private final TextClassification single = new TextClassification();

    @Override
    public Task<MultiLabelClassifier> task() {
        return Task.MULTI_LABEL_CLASSIFICATION;
    }

    @Override
    public Head head() {
        return Head.SEQUENCE_CLASSIFICATION;
    }

    @Override
    public Preprocessor<String> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return TextPreprocessor.open(snapshot, config, program);
    }

    @Override
    public MultiLabelClassifier create(PretrainedModel model) {
        return new Classifier(single.create(model).scoreFunction(ScoreFunction.SIGMOID));
    }

    private record Classifier(TextClassifier texts) implements MultiLabelClassifier {
        @Override
        public Classification predict(String text) {
            return texts.predict(text);
        }

        @Override
        public List<Classification> predict(List<String> inputs) {
            return texts.predict(inputs);
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
