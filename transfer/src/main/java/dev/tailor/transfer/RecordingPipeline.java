package dev.tailor.transfer;

import dev.tailor.Pipeline;
import dev.tailor.PretrainedModel;
import java.util.List;

/** Keeps all answers of one evaluation, in the order of the examples. Used by one thread. */
record RecordingPipeline<I, O>(Pipeline<I, O> inner, List<O> answers) implements Pipeline<I, O> {
    @Override
    public O predict(I input) {
        O answer = inner.predict(input);
        answers.add(answer);
        return answer;
    }

    @Override
    public List<O> predict(List<I> inputs) {
        List<O> all = inner.predict(inputs);
        answers.addAll(all);
        return all;
    }

    @Override
    public PretrainedModel model() {
        return inner.model();
    }

    @Override
    public void close() {
        // The pipeline belongs to someone else.
    }
}
