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
import dev.tailor.task.Embedding;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@link Task#TEXT_EMBEDDING}: the steps of a sentence-transformers repository, or the mean of the token states where the
 * repository says nothing else.
 */
public final class TextEmbedding implements TaskFactory<String, TextEmbedder> {
    private static final int BATCH = 32;

    @Override
    public Task<TextEmbedder> task() {
        return Task.TEXT_EMBEDDING;
    }

    @Override
    public Head head() {
        return Head.BASE;
    }

    @Override
    public Preprocessor<String> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return TextPreprocessor.open(snapshot, config, program);
    }

    @Override
    public TextEmbedder create(PretrainedModel model) {
        SentenceSteps steps = SentenceSteps.read(model.snapshot());
        TextPreprocessor preprocessor = TextPreprocessor.open(model.snapshot(), model.config(), model.program());
        return new Embedder(model, preprocessor, steps);
    }

    private record Embedder(PretrainedModel model, TextPreprocessor preprocessor, SentenceSteps steps)
            implements TextEmbedder {
        @Override
        public Embedding predict(String text) {
            return run(List.of(encode(text))).get(0);
        }

        @Override
        public List<Embedding> predict(List<String> texts) {
            List<Tokens> tokens = texts.stream().map(this::encode).toList();
            return Batches.run(tokens, BATCH, Tokens::length, this::run);
        }

        private Tokens encode(String text) {
            return preprocessor.encode(steps.prompt() + text, null);
        }

        private List<Embedding> run(List<Tokens> batch) {
            try (NDManager manager = model.newManager()) {
                Map<String, NDArray> outputs = model.forward(preprocessor.arrays(batch, manager));
                NDArray output = Objects.requireNonNull(outputs.get("last_hidden_state"));
                int length = (int) output.getShape().get(1);
                int width = (int) output.getShape().get(2);
                float[] states = output.toFloatArray();
                List<Embedding> results = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                    int first = preprocessor.firstToken(batch.get(i), length);
                    float[] vector = steps.pooling()
                            .apply(
                                    states,
                                    (i * length + first) * width,
                                    batch.get(i).length(),
                                    width);
                    for (SentenceModule module : steps.modules()) {
                        vector = module.apply(vector);
                    }
                    results.add(new Embedding(vector, batch.get(i).truncated()));
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
