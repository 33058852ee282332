package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.Answer;
import dev.tailor.task.AnswerEvaluation;
import dev.tailor.task.KnownAnswer;
import dev.tailor.task.Question;
import dev.tailor.task.QuestionAnswerer;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where an answer begins and ends, by cross entropy over the tokens of each window. */
record AnswerTuning(ModelConfig config, boolean keepsHead, int examples, int without)
        implements Tuning<Question, List<KnownAnswer>, List<Answer>, AnswerEvaluation> {
    /** The most tokens of an answer in the reference's evaluation. */
    private static final int LONGEST_ANSWER = 30;

    static Tuning<Question, List<KnownAnswer>, List<Answer>, AnswerEvaluation> prepare(
            Request<Question, List<KnownAnswer>> request) {
        Labels.requireExamples(request.model(), request.train());
        request.loss().requirePlain(request.model(), "question answering");
        ModelConfig own = request.config();
        boolean keeps = own.head().filter(request.head()::equals).isPresent() && own.labelCount() == 2;
        // Two numbers for each token; the reference counts them as labels.
        List<String> numbers = keeps ? own.labels() : List.of("LABEL_0", "LABEL_1");
        int without =
                (int) request.train().targets().stream().filter(List::isEmpty).count();
        return new AnswerTuning(
                own.withHead(request.className(), numbers),
                keeps,
                request.train().size(),
                without);
    }

    @Override
    public boolean hasFeatures() {
        return false;
    }

    @Override
    public boolean changeable() {
        return false;
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public String summary() {
        return examples + " questions, " + without + " of them without an answer";
    }

    @Override
    public Objective objective() {
        return Losses.span();
    }

    @Override
    public Loop.Source source(Dataset<Question, List<KnownAnswer>> data, Preprocessor<Question> preprocessor) {
        return AnswerRows.of(data, TokenRows.of(preprocessor));
    }

    @Override
    public Loop.Score score() {
        return new Exact();
    }

    /** The share of windows whose likeliest first and last token are the right ones. */
    private static final class Exact implements Loop.Score {
        private int right;
        private int all;

        @Override
        public String name() {
            return "exact_match";
        }

        @Override
        public void add(Map<String, NDArray> outputs, Batch batch) {
            float[] starts = Objects.requireNonNull(outputs.get("start_logits")).toFloatArray();
            float[] ends = Objects.requireNonNull(outputs.get("end_logits")).toFloatArray();
            int rows = batch.labels().length / 2;
            int length = starts.length / rows;
            for (int i = 0; i < rows; i++) {
                boolean first = Largest.index(starts, i * length, length) == batch.labels()[2 * i];
                boolean last = Largest.index(ends, i * length, length) == batch.labels()[2 * i + 1];
                right += first && last ? 1 : 0;
            }
            all += rows;
        }

        @Override
        public double value() {
            return (double) right / all;
        }
    }

    @Override
    public AnswerEvaluation evaluate(
            Pipeline<Question, List<Answer>> pipeline, Dataset<Question, List<KnownAnswer>> data) {
        boolean impossible = data.targets().stream().anyMatch(List::isEmpty);
        QuestionAnswerer answerer = ((QuestionAnswerer) pipeline)
                .topK(1)
                .maxAnswerLength(LONGEST_ANSWER)
                .impossibleAnswers(impossible);
        List<List<String>> truth = data.targets().stream()
                .map(known -> known.stream().map(KnownAnswer::text).toList())
                .toList();
        List<String> answers = Answers.of(answerer, data).stream()
                .map(best -> best.get(0).text())
                .toList();
        return AnswerEvaluation.of(truth, answers);
    }
}
