package dev.tailor.task;

import dev.tailor.Pipeline;
import java.util.List;

/**
 * Finds answers to questions in texts. A context longer than the model reads is read in overlapping windows.
 *
 * <p>Options return a copy that shares the network; closing either closes both.
 */
public interface QuestionAnswerer
        extends Pipeline<Question, List<Answer>>, Trainable<List<KnownAnswer>, AnswerEvaluation> {

    /** The best answer. */
    default Answer answer(String question, String context) {
        return predict(new Question(question, context)).get(0);
    }

    /** The best answers, best first: at least one, at most {@link #topK}. */
    default List<Answer> answers(String question, String context) {
        return predict(new Question(question, context));
    }

    /** The best answers to each question. */
    default List<List<Answer>> answers(List<Question> questions) {
        return predict(questions);
    }

    /** The most answers to a question; 1 without it. */
    QuestionAnswerer topK(int count);

    /** The most tokens of an answer; 15 without it. */
    QuestionAnswerer maxAnswerLength(int tokens);

    /** The most tokens of a window, question and special tokens included; what the model reads, at most 384, without it. */
    QuestionAnswerer maxLength(int tokens);

    /**
     * How many tokens of the context two windows share. Without it half of {@link #maxLength}, at most 128; half of the room
     * for the context where a long question leaves less.
     */
    QuestionAnswerer stride(int tokens);

    /**
     * How many tokens of a context are read before the rest is left out, up to the end of a word; all without it. It bounds
     * the time that a long context takes.
     */
    QuestionAnswerer maxContextLength(int tokens);

    /** Whether "no answer" is one of the answers, for models trained on questions without; false without it. */
    QuestionAnswerer impossibleAnswers(boolean value);

    /** Whether answers are widened to whole words; true without it. */
    QuestionAnswerer wholeWords(boolean value);
}
