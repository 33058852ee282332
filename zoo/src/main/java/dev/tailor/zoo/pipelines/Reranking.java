package dev.tailor.zoo.pipelines;

import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.RankedDocument;
import dev.tailor.task.Ranking;
import dev.tailor.task.Reranker;
import dev.tailor.task.ScoreFunction;
import dev.tailor.task.TextPair;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** {@link Task#RERANKING} by a model with one label, as sentence-transformers' {@code CrossEncoder}. */
public final class Reranking implements TaskFactory<Ranking, Reranker> {

    @Override
    public Task<Reranker> task() {
        return Task.RERANKING;
    }

    @Override
    public Head head() {
        return Head.SEQUENCE_CLASSIFICATION;
    }

    /** One row for each document of each query. */
    @Override
    public Preprocessor<Ranking> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return PairPreprocessor.open(snapshot, config, program, Reranking::pairs);
    }

    @Override
    public Reranker create(PretrainedModel model) {
        int labels = model.config().labelCount();
        if (labels != 1) {
            throw new TailorException(model.snapshot().id() + " has the labels "
                    + model.config().labels() + "; to put documents in order a model needs exactly one. Load it for "
                    + Task.TEXT_CLASSIFICATION + " and classify pairs.");
        }
        CrossEncoderSteps steps = CrossEncoderSteps.read(model.snapshot(), model.config());
        TextPreprocessor preprocessor = TextPreprocessor.open(model.snapshot(), model.config(), model.program());
        return new Ranker(new TextRunner(model, preprocessor), steps.prompt(), steps.activation(), Integer.MAX_VALUE);
    }

    private static List<TextPair> pairs(Ranking ranking) {
        return ranking.documents().stream()
                .map(d -> new TextPair(ranking.query(), d))
                .toList();
    }

    private record Ranker(TextRunner runner, String prompt, DoubleUnaryOperator activation, int topK)
            implements Reranker {
        @Override
        public List<RankedDocument> predict(Ranking ranking) {
            return predict(List.of(ranking)).get(0);
        }

        @Override
        public List<List<RankedDocument>> predict(List<Ranking> rankings) {
            List<Tokens> tokens =
                    tokens(rankings.stream().flatMap(r -> pairs(r).stream()).toList());
            List<Double> scores = scored(tokens);
            List<List<RankedDocument>> results = new ArrayList<>();
            int at = 0;
            for (Ranking ranking : rankings) {
                int from = at;
                List<RankedDocument> documents =
                        new ArrayList<>(IntStream.range(0, ranking.documents().size())
                                .mapToObj(i -> new RankedDocument(
                                        i,
                                        ranking.documents().get(i),
                                        scores.get(from + i),
                                        tokens.get(from + i).truncated()))
                                .toList());
                documents.sort(Comparator.comparingDouble(RankedDocument::score).reversed());
                results.add(List.copyOf(documents.subList(0, Math.min(topK, documents.size()))));
                at += documents.size();
            }
            return results;
        }

        @Override
        public List<Double> scores(List<TextPair> pairs) {
            return scored(tokens(pairs));
        }

        private List<Tokens> tokens(List<TextPair> pairs) {
            return runner.preprocessor()
                    .encodePairs(pairs.stream()
                            .map(p -> new TextPair(prompt + p.first(), p.second()))
                            .toList());
        }

        private List<Double> scored(List<Tokens> tokens) {
            return runner.run(
                    tokens,
                    outputs -> outputs.rows("logits").stream()
                            .map(logits -> activation.applyAsDouble(logits[0]))
                            .toList());
        }

        @Override
        public Reranker topK(int count) {
            Options.require("topK", count, 1, Integer.MAX_VALUE);
            return new Ranker(runner, prompt, activation, count);
        }

        @Override
        public Reranker scoreFunction(ScoreFunction value) {
            DoubleUnaryOperator chosen = switch (value) {
                case NONE -> DoubleUnaryOperator.identity();
                case SIGMOID -> CrossEncoderSteps.SIGMOID;
                case SOFTMAX ->
                    throw new IllegalArgumentException("a softmax over one label is always 1; choose "
                            + ScoreFunction.SIGMOID + " or " + ScoreFunction.NONE);
            };
            return new Ranker(runner, prompt, chosen, topK);
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
