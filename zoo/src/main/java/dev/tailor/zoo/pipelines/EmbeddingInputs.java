package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.PoolingPreprocessor;
import dev.tailor.zoo.preprocess.TextPreprocessor;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts with what their tokens count in the vector, as the repository's own steps say. */
record EmbeddingInputs(TextPreprocessor texts, SentenceSteps steps, SentenceFiles saved)
        implements PoolingPreprocessor {
    @Override
    public Map<String, NDArray> batch(List<String> inputs, NDManager manager) {
        return texts.arrays(tokens(inputs), manager);
    }

    private List<Tokens> tokens(List<String> inputs) {
        return inputs.stream().map(t -> texts.encode(steps.prompt() + t, null)).toList();
    }

    @Override
    public Map<String, NDArray> pooled(List<String> inputs, NDManager manager) {
        saved.requireTrainable();
        List<Tokens> tokens = tokens(inputs);
        int length = tokens.stream().mapToInt(Tokens::length).max().orElseThrow();
        String prompt = steps.prompt();
        boolean all = steps.pooling().includePrompt() || prompt.isEmpty();
        int skipped = all ? 0 : texts.promptLength(prompt);
        float[] weights = new float[tokens.size() * length];
        for (int i = 0; i < tokens.size(); i++) {
            Tokens row = tokens.get(i);
            float[] own = steps.pooling().weights(row.length(), skipped);
            System.arraycopy(own, 0, weights, i * length + texts.firstToken(row, length), own.length);
        }
        Map<String, NDArray> arrays = new LinkedHashMap<>(texts.arrays(tokens, manager));
        arrays.put(WEIGHTS, manager.create(weights, new Shape(tokens.size(), length)));
        arrays.put(NORMALIZED, manager.create(new float[] {saved.normalizes() ? 1 : 0}));
        return arrays;
    }

    @Override
    public List<String> files() {
        return saved.names(texts.files());
    }

    @Override
    public Map<String, String> newFiles() {
        return saved.missing();
    }

    @Override
    public void close() {
        texts.close();
    }
}
