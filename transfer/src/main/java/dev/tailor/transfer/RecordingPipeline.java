package dev.tailor.transfer;

import dev.tailor.Pipeline;
import dev.tailor.PretrainedModel;
import dev.tailor.task.Classification;
import java.util.List;

/**
 * Keeps the answers of one evaluation, in the order of the examples, where the report shows them: maps of pixels would fill the
 * heap. Used by one thread.
 */
record RecordingPipeline<I, O>(Pipeline<I, O> inner, List<O> answers) implements Pipeline<I, O> {
    @Override
    public O predict(I input) {
        O answer = inner.predict(input);
        keep(List.of(answer));
        return answer;
    }

    @Override
    public List<O> predict(List<I> inputs) {
        List<O> all = inner.predict(inputs);
        keep(all);
        return all;
    }

    private void keep(List<O> all) {
        all.stream().filter(Classification.class::isInstance).forEach(answers::add);
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
