package dev.tailor.transfer.task;

import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.TokenPreprocessor;

/** The preprocessor of a task whose answers are places in a text. */
final class TokenRows {
    private TokenRows() {}

    static <I> TokenPreprocessor<I> of(Preprocessor<I> preprocessor) {
        if (preprocessor instanceof TokenPreprocessor<I> tokens) {
            return tokens;
        }
        throw new TailorException("this task's preprocessor does not tell where tokens come from; its factory must"
                + " give a " + TokenPreprocessor.class.getName());
    }
}
