package dev.tailor.zoo.pipelines;

import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.ScoreFunction;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextRegressor;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import java.util.List;

/** {@link Task#TEXT_REGRESSION}: the single output of a text classifier as it is. */
public final class TextRegression implements TaskFactory<String, TextRegressor> {
    private final TextClassification single = new TextClassification();

    @Override
    public Task<TextRegressor> task() {
        return Task.TEXT_REGRESSION;
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
    public TextRegressor create(PretrainedModel model) {
        OneNumber.require(model);
        return new Regressor(single.create(model).scoreFunction(ScoreFunction.NONE));
    }

    private record Regressor(TextClassifier texts) implements TextRegressor {
        @Override
        public Double predict(String input) {
            return texts.predict(input).best().score();
        }

        @Override
        public List<Double> predict(List<String> inputs) {
            return texts.predict(inputs).stream().map(c -> c.best().score()).toList();
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
