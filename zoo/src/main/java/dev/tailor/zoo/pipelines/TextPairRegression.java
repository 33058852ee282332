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
import dev.tailor.task.TextPair;
import dev.tailor.task.TextPairRegressor;
import java.util.List;

/** {@link Task#TEXT_PAIR_REGRESSION}: the single output of a classifier that reads two texts, as it is. */
public final class TextPairRegression implements TaskFactory<TextPair, TextPairRegressor> {
    private final TextClassification single = new TextClassification();

    @Override
    public Task<TextPairRegressor> task() {
        return Task.TEXT_PAIR_REGRESSION;
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
    public TextPairRegressor create(PretrainedModel model) {
        OneNumber.require(model);
        return new Regressor(single.create(model).scoreFunction(ScoreFunction.NONE));
    }

    private record Regressor(TextClassifier texts) implements TextPairRegressor {
        @Override
        public Double predict(TextPair input) {
            return texts.classify(input.first(), input.second()).best().score();
        }

        @Override
        public List<Double> predict(List<TextPair> inputs) {
            return texts.classifyPairs(inputs).stream()
                    .map(c -> c.best().score())
                    .toList();
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
