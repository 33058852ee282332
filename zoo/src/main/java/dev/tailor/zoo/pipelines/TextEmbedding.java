package dev.tailor.zoo.pipelines;

import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.Embedding;
import dev.tailor.task.Similarity;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@link Task#TEXT_EMBEDDING}: the steps of a sentence-transformers repository, or the mean of the token states where the
 * repository says nothing else. Static embeddings (model2vec, sentence-transformers' {@code StaticEmbedding}) need no network.
 */
public final class TextEmbedding implements TaskFactory<String, TextEmbedder> {
    private static final String STATES = "last_hidden_state";

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
        TextPreprocessor texts = TextPreprocessor.open(snapshot, config, program);
        SentenceFiles files = SentenceFiles.read(snapshot, config, texts.length());
        return new EmbeddingInputs(texts, SentenceSteps.read(snapshot), files);
    }

    @Override
    public Optional<TextEmbedder> openWithoutNetwork(Snapshot snapshot) {
        return StaticFiles.find(snapshot).map(StaticEmbeddings::open);
    }

    @Override
    public TextEmbedder create(PretrainedModel model) {
        SentenceSteps steps = SentenceSteps.read(model.snapshot());
        TextPreprocessor preprocessor = TextPreprocessor.open(model.snapshot(), model.config(), model.program());
        return new Embedder(new TextRunner(model, preprocessor), steps);
    }

    private record Embedder(TextRunner runner, SentenceSteps steps) implements TextEmbedder {
        @Override
        public Embedding predict(String text) {
            return predict(List.of(text)).get(0);
        }

        @Override
        public List<Embedding> predict(List<String> texts) {
            return prompted(texts, steps.prompt());
        }

        @Override
        public List<Embedding> embed(List<String> texts, String promptName) {
            return prompted(texts, steps.prompt(promptName));
        }

        private List<Embedding> prompted(List<String> texts, String prompt) {
            boolean left = steps.pooling().includePrompt() || prompt.isEmpty();
            int skipped = left ? 0 : runner.preprocessor().promptLength(prompt);
            List<Tokens> tokens = runner.preprocessor()
                    .encode(texts.stream().map(prompt::concat).toList());
            return runner.run(tokens, outputs -> {
                int width = outputs.width(STATES);
                List<float[]> states = outputs.tokenRows(STATES);
                List<Embedding> results = new ArrayList<>();
                for (int i = 0; i < states.size(); i++) {
                    results.add(embedding(
                            states.get(i), width, skipped, outputs.inputs().get(i)));
                }
                return results;
            });
        }

        private Embedding embedding(float[] states, int width, int skipped, Tokens tokens) {
            float[] vector = steps.pooling().apply(states, width, skipped);
            for (SentenceModule module : steps.modules()) {
                vector = module.apply(vector);
            }
            return new Embedding(vector, tokens.truncated());
        }

        @Override
        public Map<String, String> prompts() {
            return steps.prompts();
        }

        @Override
        public Similarity similarity() {
            return steps.similarity();
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }

        @Override
        public void close() {
            runner.close();
        }
    }
}
