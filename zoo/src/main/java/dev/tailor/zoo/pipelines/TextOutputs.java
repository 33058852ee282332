package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.tailor.TailorException;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The network's outputs for some rows of a batch. On the heap they are copied once for all rows. */
final class TextOutputs {
    private final Map<String, NDArray> arrays;
    private final Map<String, float[]> copies;
    private final List<Tokens> batch;
    private final int from;
    private final int to;
    private final TextPreprocessor preprocessor;
    private final int length;

    private TextOutputs(
            Map<String, NDArray> arrays,
            Map<String, float[]> copies,
            List<Tokens> batch,
            int from,
            int to,
            TextPreprocessor preprocessor) {
        this.arrays = arrays;
        this.copies = copies;
        this.batch = batch;
        this.from = from;
        this.to = to;
        this.preprocessor = preprocessor;
        this.length = batch.stream().mapToInt(Tokens::length).max().orElseThrow();
    }

    TextOutputs(Map<String, NDArray> arrays, List<Tokens> batch, TextPreprocessor preprocessor) {
        this(arrays, new HashMap<>(), batch, 0, batch.size(), preprocessor);
    }

    /** The outputs of one row, as if it had been the whole batch. */
    TextOutputs row(int index) {
        return new TextOutputs(arrays, copies, batch, from + index, from + index + 1, preprocessor);
    }

    /** What was asked. */
    List<Tokens> inputs() {
        return batch.subList(from, to);
    }

    /** An output with an entry for each of the inputs. */
    NDArray array(String name) {
        NDArray array = whole(name);
        return to - from == batch.size() ? array : array.get(new NDIndex("{}:{}", from, to));
    }

    /** The width of an output {@code [batch, length, width]}. */
    int width(String name) {
        return (int) whole(name).getShape().get(2);
    }

    /** Where an input's tokens begin in its padded row. */
    int first(int row) {
        return preprocessor.firstToken(batch.get(from + row), length);
    }

    /** The rows of an output {@code [batch, width]}. */
    List<float[]> rows(String name) {
        float[] all = copy(name);
        int width = all.length / batch.size();
        return IntStream.range(from, to)
                .mapToObj(i -> Arrays.copyOfRange(all, i * width, (i + 1) * width))
                .toList();
    }

    /** The rows of an output {@code [batch, length, ...]} without what belongs to padding. */
    List<float[]> tokenRows(String name) {
        float[] all = copy(name);
        int width = all.length / (batch.size() * length);
        return IntStream.range(from, to)
                .mapToObj(i -> {
                    int start = (i * length + first(i - from)) * width;
                    return Arrays.copyOfRange(all, start, start + batch.get(i).length() * width);
                })
                .toList();
    }

    private NDArray whole(String name) {
        NDArray array = arrays.get(name);
        if (array == null) {
            throw new TailorException("the network gives " + arrays.keySet() + " and no " + name);
        }
        return array;
    }

    private float[] copy(String name) {
        return copies.computeIfAbsent(name, n -> whole(n).toFloatArray());
    }
}
