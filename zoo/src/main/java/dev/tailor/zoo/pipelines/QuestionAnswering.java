package dev.tailor.zoo.pipelines;

import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.Answer;
import dev.tailor.task.Question;
import dev.tailor.task.QuestionAnswerer;
import dev.tailor.task.TextPair;
import dev.tailor.zoo.preprocess.TextReader;
import dev.tailor.zoo.preprocess.TextWindow;
import dev.tailor.zoo.preprocess.TokenizedText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Task#QUESTION_ANSWERING}, as transformers' {@code QuestionAnsweringPipeline} (of its versions up to 4.57). */
public final class QuestionAnswering implements TaskFactory<Question, QuestionAnswerer> {

    @Override
    public Task<QuestionAnswerer> task() {
        return Task.QUESTION_ANSWERING;
    }

    @Override
    public Head head() {
        return Head.QUESTION_ANSWERING;
    }

    @Override
    public Preprocessor<Question> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        TextReader reader = TextReader.openForQuestions(snapshot, config, program);
        AnswerOptions options = AnswerOptions.of(reader.length());
        return new TextRows<>(
                reader,
                question -> windows(
                        reader,
                        options,
                        question,
                        reader.tokenizePairs(List.of(pair(reader, question))).get(0)),
                contextSequence(reader));
    }

    /** Tokenizers that pad at the left belong to models that read the context first. */
    private static int contextSequence(TextReader reader) {
        return reader.padsLeft() ? 0 : 1;
    }

    private static TextPair pair(TextReader reader, Question question) {
        return contextSequence(reader) == 1
                ? new TextPair(question.question(), question.context())
                : new TextPair(question.context(), question.question());
    }

    private static List<TextWindow> windows(
            TextReader reader, AnswerOptions options, Question question, TokenizedText whole) {
        int sequence = contextSequence(reader);
        TokenizedText tokens = whole.shortened(sequence, options.contextLength());
        int room = options.length() - (tokens.length() - tokens.count(sequence));
        if (room < 1) {
            throw new IllegalArgumentException("the question has " + tokens.count(1 - sequence)
                    + " tokens and leaves no room for its context in windows of " + options.length() + ": "
                    + question.question());
        }
        int stride = options.stride() < room ? options.stride() : room / 2;
        return reader.windows(tokens, options.length(), stride, sequence);
    }

    @Override
    public QuestionAnswerer create(PretrainedModel model) {
        TextReader reader = TextReader.openForQuestions(model.snapshot(), model.config(), model.program());
        TextRunner runner = new TextRunner(model, reader.preprocessor());
        return new Answerer(runner, reader, AnswerOptions.of(reader.length()));
    }

    private record Answerer(TextRunner runner, TextReader reader, AnswerOptions options) implements QuestionAnswerer {
        @Override
        public List<Answer> predict(Question question) {
            return predict(List.of(question)).get(0);
        }

        @Override
        public List<List<Answer>> predict(List<Question> questions) {
            for (int i = 0; i < questions.size(); i++) {
                if (questions.get(i).context().isEmpty()) {
                    throw new IllegalArgumentException("the context of question " + i + " is empty: "
                            + questions.get(i).question());
                }
            }
            return Batches.inParts(questions, q -> q.context().length(), this::answerAll);
        }

        private List<List<Answer>> answerAll(List<Question> questions) {
            List<TokenizedText> tokens = reader.tokenizePairs(
                    questions.stream().map(q -> pair(reader, q)).toList());
            List<List<TextWindow>> windows = IntStream.range(0, tokens.size())
                    .mapToObj(i -> windows(reader, options, questions.get(i), tokens.get(i)))
                    .toList();
            List<SpanSearch.Logits> logits = runner.run(
                    windows.stream()
                            .flatMap(List::stream)
                            .map(TextWindow::tokens)
                            .toList(),
                    outputs -> {
                        List<float[]> starts = outputs.tokenRows("start_logits");
                        List<float[]> ends = outputs.tokenRows("end_logits");
                        List<SpanSearch.Logits> rows = new ArrayList<>();
                        for (int i = 0; i < starts.size(); i++) {
                            rows.add(new SpanSearch.Logits(starts.get(i), ends.get(i)));
                        }
                        return rows;
                    });
            List<List<Answer>> results = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < questions.size(); i++) {
                SpanSearch search = new SpanSearch(
                        questions.get(i).context(),
                        contextSequence(reader),
                        reader.facts().classId(),
                        options);
                for (TextWindow window : windows.get(i)) {
                    search.add(window, logits.get(at++));
                }
                results.add(search.answers());
            }
            return results;
        }

        private QuestionAnswerer with(AnswerOptions changed) {
            return new Answerer(runner, reader, changed);
        }

        @Override
        public QuestionAnswerer topK(int count) {
            return with(options.withTopK(count));
        }

        @Override
        public QuestionAnswerer maxAnswerLength(int tokens) {
            return with(options.withMaxAnswerLength(tokens));
        }

        @Override
        public QuestionAnswerer maxLength(int tokens) {
            return with(options.withLength(tokens));
        }

        @Override
        public QuestionAnswerer maxContextLength(int tokens) {
            return with(options.withContextLength(tokens));
        }

        @Override
        public QuestionAnswerer stride(int tokens) {
            return with(options.withStride(tokens));
        }

        @Override
        public QuestionAnswerer impossibleAnswers(boolean value) {
            return with(options.withImpossible(value));
        }

        @Override
        public QuestionAnswerer wholeWords(boolean value) {
            return with(options.withWholeWords(value));
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
