package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Tokens in, the network's outputs for each input out; in batches of bounded size. */
record TextRunner(PretrainedModel model, TextPreprocessor preprocessor) {
    private static final int ROWS = 32;
    /** 16 rows of 512 tokens: attention's scores for them are what a laptop holds with ease. */
    private static final long TOKENS = 16 * 512;

    /** The outputs of a batch. */
    record Outputs(Map<String, NDArray> arrays, List<Tokens> inputs, int length, TextPreprocessor preprocessor) {
        NDArray array(String name) {
            NDArray array = arrays.get(name);
            if (array == null) {
                throw new TailorException("the network gives " + arrays.keySet() + " and no " + name);
            }
            return array;
        }

        /** Where an input's tokens begin in its padded row. */
        int first(int row) {
            return preprocessor.firstToken(inputs.get(row), length);
        }

        /** The rows of an output {@code [batch, width]}. */
        List<float[]> rows(String name) {
            float[] all = array(name).toFloatArray();
            int width = all.length / inputs.size();
            return IntStream.range(0, inputs.size())
                    .mapToObj(i -> Arrays.copyOfRange(all, i * width, (i + 1) * width))
                    .toList();
        }

        /** The rows of an output {@code [batch, length, ...]} without what belongs to padding. */
        List<float[]> tokenRows(String name) {
            float[] all = array(name).toFloatArray();
            int width = all.length / (inputs.size() * length);
            return IntStream.range(0, inputs.size())
                    .mapToObj(i -> {
                        int from = (i * length + first(i)) * width;
                        return Arrays.copyOfRange(
                                all, from, from + inputs.get(i).length() * width);
                    })
                    .toList();
        }
    }

    /** Runs all inputs; {@code read} answers a batch, in its order. */
    <R> List<R> run(List<Tokens> inputs, Function<Outputs, List<R>> read) {
        return run(inputs, TOKENS, read);
    }

    /**
     * Runs all inputs.
     *
     * @param area the most tokens of a batch, padding counted, unless a single input has more
     * @param read answers a batch, in its order
     */
    <R> List<R> run(List<Tokens> inputs, long area, Function<Outputs, List<R>> read) {
        return Batches.run(inputs, ROWS, area, Tokens::length, batch -> {
            int length = batch.stream().mapToInt(Tokens::length).max().orElseThrow();
            try (NDManager manager = model.newManager()) {
                Map<String, NDArray> arrays = model.forward(preprocessor.arrays(batch, manager));
                return read.apply(new Outputs(arrays, batch, length, preprocessor));
            }
        });
    }

    void close() {
        preprocessor.close();
        model.close();
    }
}
