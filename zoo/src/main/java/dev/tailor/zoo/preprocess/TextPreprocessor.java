package dev.tailor.zoo.preprocess;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Op;
import dev.tailor.program.Program;
import dev.tailor.program.Size;
import dev.tailor.task.TextPair;
import dev.tailor.zoo.tokenizers.TokenizerFiles;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Texts to {@code input_ids}, {@code attention_mask} and {@code token_type_ids}, padded to the longest of a batch. */
public final class TextPreprocessor implements Preprocessor<String> {
    private final TextTokenizer tokenizer;
    private final TextSettings settings;
    /** The inputs that the network knows, and those without which it cannot be called. */
    private final Set<String> known;

    private final Set<String> required;
    /** How many tokens the network has embeddings for. */
    private final long words;

    private TextPreprocessor(TextTokenizer tokenizer, Program program, TextSettings settings) {
        this.tokenizer = tokenizer;
        this.settings = settings;
        this.known = Set.copyOf(program.main().inputNames());
        Set<String> everywhere = new HashSet<>(known);
        program.functions().forEach(f -> everywhere.retainAll(Set.copyOf(f.inputNames())));
        this.required = Set.copyOf(everywhere);
        this.words = words(program);
    }

    /** The rows of the table that the ids choose from. */
    private static long words(Program program) {
        return program.main().nodes().stream()
                .filter(v -> v.op() instanceof Op.Embedding
                        && v.inputs().get(0).op() instanceof Op.Input ids
                        && ids.name().equals("input_ids"))
                .map(v -> v.inputs().get(1).size(0))
                .filter(Size::isConstant)
                .mapToLong(Size::constant)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * Reads the repository's tokenizer and its settings.
     *
     * @throws TailorException if the network takes no text, or there is no tokenizer, or it is damaged
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

    /**
     * A batch of tokenized inputs; masks and segments are left out where the network works without and nothing needs them.
     *
     * @throws TailorException if the network has no embedding for a token
     */
    public Map<String, NDArray> arrays(List<Tokens> batch, NDManager manager) {
        int length = batch.stream().mapToInt(Tokens::length).max().orElseThrow();
        long[] ids = new long[batch.size() * length];
        long[] mask = new long[ids.length];
        long[] types = new long[ids.length];
        Arrays.fill(ids, settings.padId());
        for (int i = 0; i < batch.size(); i++) {
            Tokens tokens = batch.get(i);
            checkKnown(tokens.ids());
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
        return carriesSomething ? known.contains(input) : required.contains(input);
    }

    private void checkKnown(long[] ids) {
        for (long id : ids) {
            if (id >= words) {
                throw new TailorException(tokenizer.model() + ": the tokenizer gives the token "
                        + tokenizer.decode(new long[] {id}, false).strip() + " with the id " + id
                        + ", and the network has embeddings for the ids 0 to " + (words - 1)
                        + ". The tokenizer's files belong to another model, or tokens were added to them alone.");
            }
        }
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
