package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.Preprocessor;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.TextPair;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Inputs that are pairs of texts for the network; one input gives as many rows as it has pairs, one after another. */
record PairPreprocessor<I>(TextPreprocessor texts, Function<I, List<TextPair>> pairs) implements Preprocessor<I> {

    static <I> PairPreprocessor<I> open(
            Snapshot snapshot, ModelConfig config, Program program, Function<I, List<TextPair>> pairs) {
        return new PairPreprocessor<>(TextPreprocessor.open(snapshot, config, program), pairs);
    }

    @Override
    public Map<String, NDArray> batch(List<I> inputs, NDManager manager) {
        return texts.arrays(
                texts.encodePairs(
                        inputs.stream().flatMap(i -> pairs.apply(i).stream()).toList()),
                manager);
    }

    @Override
    public List<String> files() {
        return texts.files();
    }

    @Override
    public void close() {
        texts.close();
    }
}
