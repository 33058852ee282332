package dev.tailor.transfer.task;

import dev.tailor.Pipeline;
import dev.tailor.transfer.data.Dataset;
import java.util.ArrayList;
import java.util.List;

/** A pipeline's answers to a data set, a portion at a time, so that inputs need not be in memory together. */
final class Answers {
    private static final int PORTION = 64;

    private Answers() {}

    static <I, O> List<O> of(Pipeline<I, O> pipeline, Dataset<I, ?> data) {
        List<O> answers = new ArrayList<>();
        for (int from = 0; from < data.size(); from += PORTION) {
            List<I> inputs = new ArrayList<>();
            for (int i = from; i < Math.min(from + PORTION, data.size()); i++) {
                inputs.add(data.get(i).input());
            }
            answers.addAll(pipeline.predict(inputs));
        }
        return answers;
    }
}
