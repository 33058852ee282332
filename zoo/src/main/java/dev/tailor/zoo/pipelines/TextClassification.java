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
import dev.tailor.task.ScoreFunction;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextPair;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.ArrayList;
import java.util.List;

/** {@link Task#TEXT_CLASSIFICATION}, as transformers' {@code TextClassificationPipeline} with truncation. */
public final class TextClassification implements TaskFactory<String, TextClassifier> {
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
        return TextPreprocessor.open(snapshot, config, program);
    }

    @Override
    public TextClassifier create(PretrainedModel model) {
        TextPreprocessor preprocessor = TextPreprocessor.open(model.snapshot(), model.config(), model.program());
        return new Classifier(new TextRunner(model, preprocessor), Scores.of(model.config()));
    }

    private record Classifier(TextRunner runner, Scores scores) implements TextClassifier {
        @Override
        public Classification predict(String text) {
            return predict(List.of(text)).get(0);
        }

        @Override
        public Classification classify(String text, String pair) {
            return classifyPairs(List.of(new TextPair(text, pair))).get(0);
        }

        @Override
        public List<Classification> predict(List<String> texts) {
            return run(runner.preprocessor().encode(texts));
        }

        @Override
        public List<Classification> classifyPairs(List<TextPair> pairs) {
            return run(runner.preprocessor().encodePairs(pairs));
        }

        @Override
        public TextClassifier scoreFunction(ScoreFunction value) {
            return new Classifier(runner, scores.with(value));
        }

        @Override
        public List<String> labels() {
            return scores.labels();
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }

        private List<Classification> run(List<Tokens> inputs) {
            return runner.run(inputs, outputs -> {
                List<float[]> logits = outputs.rows("logits");
                List<Classification> results = new ArrayList<>();
                for (int i = 0; i < logits.size(); i++) {
                    results.add(scores.classification(
                            logits.get(i), 0, outputs.inputs().get(i).truncated()));
                }
                return results;
            });
        }

        @Override
        public void close() {
            runner.close();
        }
    }
}
