package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDManager;
import dev.tailor.PretrainedModel;
import dev.tailor.serving.MicroBatcher;
import dev.tailor.serving.Serving;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tokens in, the network's outputs for each input out; in batches of bounded size, which single calls may share. */
final class TextRunner {
    private static final int ROWS = 32;
    /** 16 rows of 512 tokens: attention's scores for them are what a laptop holds with ease. */
    private static final long TOKENS = 16 * 512;

    private final PretrainedModel model;
    private final TextPreprocessor preprocessor;
    private final Optional<MicroBatcher<Single, Object>> batcher;
    private final int rows;

    TextRunner(PretrainedModel model, TextPreprocessor preprocessor) {
        this.model = model;
        this.preprocessor = preprocessor;
        Serving serving = model.serving();
        this.batcher = serving.batcher(single -> bucket(single.tokens().length()), this::together);
        this.rows = serving.batching().map(b -> Math.max(ROWS, b.maxBatch())).orElse(ROWS);
    }

    /** A call of one input; options may differ from call to call, so each brings its own reader. */
    private record Single(Tokens tokens, long area, Function<TextOutputs, ? extends List<?>> read) {}

    PretrainedModel model() {
        return model;
    }

    TextPreprocessor preprocessor() {
        return preprocessor;
    }

    /** Runs all inputs; {@code read} answers a batch, in its order. */
    <R> List<R> run(List<Tokens> inputs, Function<TextOutputs, List<R>> read) {
        return run(inputs, TOKENS, read);
    }

    /**
     * Runs all inputs.
     *
     * @param area the most tokens of a batch, padding counted, unless a single input has more
     * @param read answers a batch, in its order
     */
    <R> List<R> run(List<Tokens> inputs, long area, Function<TextOutputs, List<R>> read) {
        int queued = batcher.map(MicroBatcher::queued).orElse(0);
        return model.serving()
                .call(
                        inputs.size(),
                        tokens(inputs),
                        queued,
                        () -> inputs.size() == 1 && batcher.isPresent()
                                ? joined(batcher.get(), new Single(inputs.get(0), area, read))
                                : apart(inputs, area, read));
    }

    private <R> List<R> apart(List<Tokens> inputs, long area, Function<TextOutputs, List<R>> read) {
        return Batches.run(inputs, ROWS, area, Tokens::length, batch -> forward(batch, read));
    }

    /** The answer is what the single's own reader gave. */
    @SuppressWarnings("unchecked")
    private static <R> List<R> joined(MicroBatcher<Single, Object> batcher, Single single) {
        return (List<R>) batcher.call(single);
    }

    private List<Object> together(List<Single> calls) {
        long area = calls.stream().mapToLong(Single::area).min().orElseThrow();
        return Batches.run(
                calls,
                rows,
                area,
                c -> c.tokens().length(),
                part -> forward(part.stream().map(Single::tokens).toList(), outputs -> {
                    List<Object> answers = new ArrayList<>();
                    for (int i = 0; i < part.size(); i++) {
                        answers.add(part.get(i).read().apply(outputs.row(i)));
                    }
                    return answers;
                }));
    }

    private <R> List<R> forward(List<Tokens> batch, Function<TextOutputs, List<R>> read) {
        return model.serving().batch(batch.size(), tokens(batch), () -> {
            try (NDManager manager = model.newManager()) {
                return read.apply(
                        new TextOutputs(model.forward(preprocessor.arrays(batch, manager)), batch, preprocessor));
            }
        });
    }

    private static long tokens(List<Tokens> inputs) {
        return inputs.stream().mapToLong(Tokens::length).sum();
    }

    /**
     * Two lengths to each power of two (16, 24, 32, 48, 64 ...), the shortest ones together: at most a third of a joined batch
     * of longer texts is padding.
     */
    static int bucket(int length) {
        int power = Integer.highestOneBit(Math.max(length - 1, 15));
        return length <= 16 ? 16 : length <= power + power / 2 ? power + power / 2 : 2 * power;
    }

    void close() {
        preprocessor.close();
        model.close();
    }
}
