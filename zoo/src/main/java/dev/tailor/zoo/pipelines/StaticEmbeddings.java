package dev.tailor.zoo.pipelines;

import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.json.Json;
import dev.tailor.task.Embedding;
import dev.tailor.task.Similarity;
import dev.tailor.task.TextEmbedder;
import dev.tailor.zoo.preprocess.TextTokenizer;
import dev.tailor.zoo.preprocess.Tokens;
import dev.tailor.zoo.preprocess.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Texts as means of their tokens' vectors, in plain Java. After model2vec's {@code StaticModel} and sentence-transformers'
 * {@code StaticEmbedding}.
 */
final class StaticEmbeddings implements TextEmbedder {
    /** model2vec's default. */
    private static final int MOST_TOKENS = 512;

    private static final int BATCH = 1024;

    private final StaticFiles files;
    private final TextTokenizer tokenizer;
    private final VectorTable table;
    private final SentenceSteps steps;
    private final long unknown;
    private final int longest;

    private StaticEmbeddings(
            StaticFiles files,
            TextTokenizer tokenizer,
            VectorTable table,
            SentenceSteps steps,
            long unknown,
            int longest) {
        this.files = files;
        this.tokenizer = tokenizer;
        this.table = table;
        this.steps = steps;
        this.unknown = unknown;
        this.longest = longest;
    }

    static StaticEmbeddings open(StaticFiles files) {
        Snapshot snapshot = files.snapshot();
        VectorTable table = VectorTable.read(files.require("model.safetensors"));
        SentenceSteps steps = files.model2vec() ? SentenceSteps.none() : SentenceSteps.read(snapshot);
        Path file = files.require("tokenizer.json");
        byte[] json = bytes(file);
        Vocabulary vocabulary = Vocabulary.of(Json.parseObject(json, file.toString(), false), file.toString());
        Map<String, Integer> ids = vocabulary.ids();
        int most = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        if (most >= table.tokens()) {
            throw new TailorException(file + " has tokens up to the id " + most + ", but only " + table.tokens()
                    + " have a vector in model.safetensors; the two files do not belong together");
        }
        long unknown = files.model2vec() ? ids.getOrDefault(vocabulary.unknown(), -1) : -1;
        int[] lengths = ids.keySet().stream()
                .mapToInt(t -> t.codePointCount(0, t.length()))
                .sorted()
                .toArray();
        int n = lengths.length;
        int median = n == 0 ? 1 : (lengths[(n - 1) / 2] + lengths[n / 2]) / 2;
        return new StaticEmbeddings(
                files, TextTokenizer.openPlain(json, snapshot), table, steps, unknown, MOST_TOKENS * median);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
    }

    @Override
    public Embedding predict(String text) {
        String prepared = prepared(steps.prompt(), text);
        return embedding(steps.prompt(), prepared, text, tokenizer.encode(prepared, null));
    }

    @Override
    public List<Embedding> predict(List<String> texts) {
        return prompted(texts, steps.prompt());
    }

    @Override
    public List<Embedding> embed(List<String> texts, String promptName) {
        return prompted(texts, steps.prompt(promptName));
    }

    @Override
    public Map<String, String> prompts() {
        return steps.prompts();
    }

    @Override
    public Similarity similarity() {
        return steps.similarity();
    }

    private List<Embedding> prompted(List<String> texts, String prompt) {
        List<Embedding> results = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += BATCH) {
            List<String> batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
            List<String> prepared = batch.stream().map(t -> prepared(prompt, t)).toList();
            List<Tokens> tokens = tokenizer.encode(prepared);
            for (int i = 0; i < batch.size(); i++) {
                results.add(embedding(prompt, prepared.get(i), batch.get(i), tokens.get(i)));
            }
        }
        return results;
    }

    /** model2vec cuts a text before it is tokenized, so that long ones cost little. */
    private String prepared(String prompt, String text) {
        String whole = prompt + text;
        boolean cut =
                files.model2vec() && whole.length() > longest && whole.codePointCount(0, whole.length()) > longest;
        return cut ? whole.substring(0, whole.offsetByCodePoints(0, longest)) : whole;
    }

    private Embedding embedding(String prompt, String prepared, String text, Tokens tokens) {
        boolean cut = prepared.length() < prompt.length() + text.length();
        long[] ids = tokens.ids();
        if (files.model2vec()) {
            ids = Arrays.stream(ids).filter(id -> id != unknown).toArray();
            cut |= ids.length > MOST_TOKENS;
        }
        int count = files.model2vec() ? Math.min(ids.length, MOST_TOKENS) : ids.length;
        float[] vector = table.mean(ids, count);
        if (files.normalize()) {
            normalize(vector);
        }
        for (SentenceModule module : steps.modules()) {
            vector = module.apply(vector);
        }
        return new Embedding(vector, cut);
    }

    private static void normalize(float[] vector) {
        double sum = 1e-300;
        for (float v : vector) {
            sum += (double) v * v;
        }
        double norm = Math.sqrt(sum);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / norm);
        }
    }

    @Override
    public PretrainedModel model() {
        throw new UnsupportedOperationException(
                files.snapshot().id()
                        + " is a table of vectors and no network; embed texts with it, or take a transformer where a network is needed");
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    @Override
    public String toString() {
        return files.snapshot().id() + " (static embeddings, " + table.width() + " dimensions)";
    }
}
