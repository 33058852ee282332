package dev.tailor.zoo.pipelines;

import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.Aggregation;
import dev.tailor.task.Entity;
import dev.tailor.task.TokenClassifier;
import dev.tailor.zoo.preprocess.TextReader;
import dev.tailor.zoo.preprocess.TextWindow;
import dev.tailor.zoo.preprocess.TokenizedText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** {@link Task#TOKEN_CLASSIFICATION}, as transformers' {@code TokenClassificationPipeline} with its option {@code stride}. */
public final class TokenClassification implements TaskFactory<String, TokenClassifier> {
    private static final int LONGEST_STRIDE = 128;

    @Override
    public Task<TokenClassifier> task() {
        return Task.TOKEN_CLASSIFICATION;
    }

    @Override
    public Head head() {
        return Head.TOKEN_CLASSIFICATION;
    }

    @Override
    public Preprocessor<String> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        TextReader reader = TextReader.open(snapshot, config, program);
        return new TextRows<>(reader, text -> windows(reader, reader.tokenize(text, null), OptionalInt.empty()), 0);
    }

    private static List<TextWindow> windows(TextReader reader, TokenizedText tokens, OptionalInt overlap) {
        int length = reader.length();
        int stride = overlap.orElse(Math.min(length / 2, LONGEST_STRIDE));
        return reader.windows(tokens, length, stride, 0);
    }

    @Override
    public TokenClassifier create(PretrainedModel model) {
        TextReader reader = TextReader.open(model.snapshot(), model.config(), model.program());
        EntityFinder finder = new EntityFinder(model.config().labels(), reader.facts(), Aggregation.NONE, Set.of("O"));
        return new Recognizer(new TextRunner(model, reader.preprocessor()), reader, finder, OptionalInt.empty());
    }

    private record Recognizer(TextRunner runner, TextReader reader, EntityFinder finder, OptionalInt overlap)
            implements TokenClassifier {
        @Override
        public List<Entity> predict(String text) {
            return predict(List.of(text)).get(0);
        }

        @Override
        public List<List<Entity>> predict(List<String> texts) {
            return Batches.inParts(texts, String::length, this::recognizeAll);
        }

        private List<List<Entity>> recognizeAll(List<String> texts) {
            List<List<TextWindow>> windows =
                    reader.tokenize(texts).stream().map(this::windows).toList();
            List<float[]> logits = runner.run(
                    windows.stream()
                            .flatMap(List::stream)
                            .map(TextWindow::tokens)
                            .toList(),
                    outputs -> outputs.tokenRows("logits"));
            List<List<Entity>> results = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < texts.size(); i++) {
                List<Entity> entities = new ArrayList<>();
                for (TextWindow window : windows.get(i)) {
                    entities.addAll(finder.find(texts.get(i), window, logits.get(at++)));
                }
                results.add(windows.get(i).size() == 1 ? List.copyOf(entities) : EntityFinder.merged(entities));
            }
            return results;
        }

        private List<TextWindow> windows(TokenizedText tokens) {
            return TokenClassification.windows(reader, tokens, overlap);
        }

        @Override
        public TokenClassifier aggregation(Aggregation value) {
            return new Recognizer(runner, reader, finder.with(value), overlap);
        }

        @Override
        public TokenClassifier ignoredLabels(Set<String> labels) {
            return new Recognizer(runner, reader, finder.with(labels), overlap);
        }

        @Override
        public TokenClassifier stride(int tokens) {
            int room = reader.length() - reader.tokenize("", null).length();
            if (tokens < 0 || tokens >= room) {
                throw new IllegalArgumentException("the stride must be from 0 to " + (room - 1)
                        + ", as a window has room for " + room + " tokens; found " + tokens);
            }
            return new Recognizer(runner, reader, finder, OptionalInt.of(tokens));
        }

        @Override
        public List<String> labels() {
            return finder.labels();
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
