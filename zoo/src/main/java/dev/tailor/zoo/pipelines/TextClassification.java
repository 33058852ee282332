package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@link Task#TEXT_CLASSIFICATION}, as transformers' {@code TextClassificationPipeline} with truncation. */
public final class TextClassification implements TaskFactory<String, TextClassifier> {
    private static final int BATCH = 32;

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
        return new Classifier(
                model,
                TextPreprocessor.open(model.snapshot(), model.config(), model.program()),
                Scores.of(model.config()));
    }

    private record Classifier(PretrainedModel model, TextPreprocessor preprocessor, Scores scores)
            implements TextClassifier {
        @Override
        public Classification predict(String text) {
            return run(List.of(preprocessor.encode(text, null))).get(0);
        }

        @Override
        public Classification classify(String text, String pair) {
            return run(List.of(preprocessor.encode(text, pair))).get(0);
        }

        @Override
        public List<Classification> predict(List<String> texts) {
            List<Tokens> tokens =
                    texts.stream().map(t -> preprocessor.encode(t, null)).toList();
            return Batches.run(tokens, BATCH, Tokens::length, this::run);
        }

        @Override
        public List<String> labels() {
            return scores.labels();
        }

        private List<Classification> run(List<Tokens> batch) {
            try (NDManager manager = model.newManager()) {
                Map<String, NDArray> outputs = model.forward(preprocessor.arrays(batch, manager));
                float[] logits = Objects.requireNonNull(outputs.get("logits")).toFloatArray();
                List<Classification> results = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                    results.add(scores.classification(
                            logits, i * scores.labels().size(), batch.get(i).truncated()));
                }
                return results;
            }
        }

        @Override
        public void close() {
            preprocessor.close();
            model.close();
        }
    }
}
