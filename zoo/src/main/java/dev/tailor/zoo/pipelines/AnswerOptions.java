package dev.tailor.zoo.pipelines;

/**
 * How answers are searched.
 *
 * @param bound the most tokens that the model reads
 * @param length the most tokens of a window
 * @param contextLength the most tokens of a context
 * @param overlap how many tokens of the context two windows share, or -1 for the default
 * @param topK the most answers
 * @param maxAnswerLength the most tokens of an answer
 * @param impossible whether "no answer" is an answer
 * @param wholeWords whether answers are widened to words
 */
record AnswerOptions(
        int bound,
        int length,
        int contextLength,
        int overlap,
        int topK,
        int maxAnswerLength,
        boolean impossible,
        boolean wholeWords) {
    private static final int LONGEST_WINDOW = 384;
    private static final int LONGEST_STRIDE = 128;
    private static final int LONGEST_ANSWER = 15;

    /** Checks the numbers. */
    AnswerOptions {
        Options.require("topK", topK, 1, Integer.MAX_VALUE);
        Options.require("maxAnswerLength", maxAnswerLength, 1, Integer.MAX_VALUE);
        Options.require("maxContextLength", contextLength, 1, Integer.MAX_VALUE);
        Options.require("maxLength", length, 1, bound);
    }

    static AnswerOptions of(int bound) {
        int length = Math.min(bound, LONGEST_WINDOW);
        return new AnswerOptions(bound, length, Integer.MAX_VALUE, -1, 1, LONGEST_ANSWER, false, true);
    }

    int stride() {
        return overlap < 0 ? Math.min(length / 2, LONGEST_STRIDE) : overlap;
    }

    AnswerOptions withTopK(int v) {
        return new AnswerOptions(bound, length, contextLength, overlap, v, maxAnswerLength, impossible, wholeWords);
    }

    AnswerOptions withMaxAnswerLength(int v) {
        return new AnswerOptions(bound, length, contextLength, overlap, topK, v, impossible, wholeWords);
    }

    AnswerOptions withLength(int v) {
        return new AnswerOptions(bound, v, contextLength, overlap, topK, maxAnswerLength, impossible, wholeWords);
    }

    AnswerOptions withContextLength(int v) {
        return new AnswerOptions(bound, length, v, overlap, topK, maxAnswerLength, impossible, wholeWords);
    }

    AnswerOptions withStride(int v) {
        Options.require("stride", v, 0, bound);
        return new AnswerOptions(bound, length, contextLength, v, topK, maxAnswerLength, impossible, wholeWords);
    }

    AnswerOptions withImpossible(boolean v) {
        return new AnswerOptions(bound, length, contextLength, overlap, topK, maxAnswerLength, v, wholeWords);
    }

    AnswerOptions withWholeWords(boolean v) {
        return new AnswerOptions(bound, length, contextLength, overlap, topK, maxAnswerLength, impossible, v);
    }
}
