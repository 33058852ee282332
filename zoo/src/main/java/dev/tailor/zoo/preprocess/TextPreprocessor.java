package dev.tailor.zoo.preprocess;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Preprocessor;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.TextPair;
import dev.tailor.zoo.tokenizers.TokenizerFiles;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Texts to {@code input_ids}, {@code attention_mask} and {@code token_type_ids}, padded to the longest of a batch. */
public final class TextPreprocessor implements Preprocessor<String> {
    private final TextTokenizer tokenizer;
    private final Program program;
    private final TextSettings settings;

    private TextPreprocessor(TextTokenizer tokenizer, Program program, TextSettings settings) {
        this.tokenizer = tokenizer;
        this.program = program;
        this.settings = settings;
    }

    /**
     * Reads the repository's tokenizer and its settings.
     *
     * @throws dev.tailor.TailorException if the network takes no text, or there is no tokenizer, or it is damaged
     */
    public static TextPreprocessor open(Snapshot snapshot, ModelConfig config, Program program) {
        TextSettings settings = TextSettings.read(snapshot, config, program);
        TextTokenizer tokenizer = TextTokenizer.open(snapshot, settings.length());
        OptionalLong pad = TokenizerFiles.padToken(snapshot).map(tokenizer::id).orElseGet(OptionalLong::empty);
        return new TextPreprocessor(tokenizer, program, settings.padding(pad, config));
    }

    /** The same with a tokenizer that cuts nothing off, for readers that cut by themselves. */
    static TextPreprocessor openWhole(Snapshot snapshot, Program program, TextSettings settings) {
        return new TextPreprocessor(TextTokenizer.openWhole(snapshot), program, settings);
    }

    TextTokenizer tokenizer() {
        return tokenizer;
    }

    /** The most tokens that the network reads at once. */
    public int length() {
        return settings.length();
    }

    TextSettings settings() {
        return settings;
    }

    /** The number of tokens with which a text begins that has a prompt before it, special tokens at the beginning included. */
    public int promptLength(String prompt) {
        TokenizedText tokens = tokenizer.trace(settings.prepared(prompt), null);
        boolean ended = tokens.length() > 0 && tokens.sequences()[tokens.length() - 1] < 0;
        return tokens.length() - (ended ? 1 : 0);
    }

    /** The tokens of a text, or of a pair where {@code pair} is given. */
    public Tokens encode(String text, @Nullable String pair) {
        return tokenizer.encode(settings.prepared(text), pair == null ? null : settings.prepared(pair));
    }

    /** The tokens of many texts. */
    public List<Tokens> encode(List<String> texts) {
        return tokenizer.encode(texts.stream().map(settings::prepared).toList());
    }

    /** The tokens of many pairs of texts. */
    public List<Tokens> encodePairs(List<TextPair> pairs) {
        return tokenizer.encodePairs(pairs.stream()
                .map(p -> new TextPair(settings.prepared(p.first()), settings.prepared(p.second())))
                .toList());
    }

    @Override
    public Map<String, NDArray> batch(List<String> inputs, NDManager manager) {
        return arrays(encode(inputs), manager);
    }

    /** A batch of tokenized inputs; masks and segments are left out where the network works without and nothing needs them. */
    public Map<String, NDArray> arrays(List<Tokens> batch, NDManager manager) {
        int length = batch.stream().mapToInt(Tokens::length).max().orElseThrow();
        long[] ids = new long[batch.size() * length];
        long[] mask = new long[ids.length];
        long[] types = new long[ids.length];
        Arrays.fill(ids, settings.padId());
        for (int i = 0; i < batch.size(); i++) {
            Tokens tokens = batch.get(i);
            int start = i * length + firstToken(tokens, length);
            System.arraycopy(tokens.ids(), 0, ids, start, tokens.length());
            System.arraycopy(tokens.types(), 0, types, start, tokens.length());
            Arrays.fill(mask, start, start + tokens.length(), 1);
        }
        boolean padded = batch.stream().anyMatch(t -> t.length() < length);
        boolean segments = settings.segments() && batch.stream().anyMatch(Tokens::hasSegments);
        Shape shape = new Shape(batch.size(), length);
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        arrays.put("input_ids", manager.create(LongBuffer.wrap(ids), shape, DataType.INT64));
        if (needed("attention_mask", padded)) {
            arrays.put("attention_mask", manager.create(LongBuffer.wrap(mask), shape, DataType.INT64));
        }
        if (needed("token_type_ids", segments)) {
            arrays.put("token_type_ids", manager.create(LongBuffer.wrap(types), shape, DataType.INT64));
        }
        return arrays;
    }

    /** Where an input's tokens begin in a row of a padded batch. */
    public int firstToken(Tokens tokens, int length) {
        return settings.padLeft() ? length - tokens.length() : 0;
    }

    private boolean needed(String input, boolean carriesSomething) {
        boolean known = program.main().inputNames().contains(input);
        boolean required = program.functions().stream()
                .allMatch(f -> Set.copyOf(f.inputNames()).contains(input));
        return known && (carriesSomething || required);
    }

    @Override
    public List<String> files() {
        return TokenizerFiles.NAMES;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
