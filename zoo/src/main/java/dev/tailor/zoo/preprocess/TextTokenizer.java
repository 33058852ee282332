package dev.tailor.zoo.preprocess;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import dev.tailor.TailorException;
import dev.tailor.engine.NativeLoading;
import dev.tailor.hub.Snapshot;
import dev.tailor.task.TextPair;
import dev.tailor.zoo.tokenizers.TokenizerCheck;
import dev.tailor.zoo.tokenizers.TokenizerFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids, as the repository's tokenizer files say, cut to a length. Safe for many threads at once; closing
 * waits for calls that run.
 */
public final class TextTokenizer implements AutoCloseable {
    private static final int PART = 256;
    private static final long PART_CHARACTERS = 1 << 20;
    private static final Map<String, String> PLAIN =
            Map.of("addSpecialTokens", "false", "truncation", "do_not_truncate", "padding", "do_not_pad");

    private final HuggingFaceTokenizer tokenizer;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final String model;
    private final int longestText;
    private boolean closed;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, String model, int longestText) {
        this.tokenizer = tokenizer;
        this.model = model;
        this.longestText = longestText;
    }

    /**
     * Opens a repository's tokenizer.
     *
     * @param maxLength most tokens of one input, special tokens included
     * @throws TailorException if there is no tokenizer or it is damaged
     */
    public static TextTokenizer open(Snapshot snapshot, int maxLength) {
        return open(snapshot, "longest_first", maxLength);
    }

    /** Opens a repository's tokenizer; it never cuts. */
    static TextTokenizer openWhole(Snapshot snapshot) {
        return open(snapshot, "do_not_truncate", Integer.MAX_VALUE);
    }

    private static TextTokenizer open(Snapshot snapshot, String truncation, int maxLength) {
        byte[] json = TokenizerFiles.json(snapshot);
        String length = Integer.toString(maxLength);
        Map<String, String> options = Map.of(
                "addSpecialTokens",
                "true",
                "truncation",
                truncation,
                "padding",
                "do_not_pad",
                "maxLength",
                length,
                "modelMaxLength",
                length,
                // Or the file's own would count, and end the process where it is longer than the texts.
                "stride",
                "0");
        return open(json, options, snapshot);
    }

    /**
     * Opens the text of a {@code tokenizer.json} that puts no special tokens around a text and cuts nothing off.
     *
     * @throws TailorException if it is damaged
     */
    public static TextTokenizer openPlain(byte[] json, Snapshot snapshot) {
        return open(json, PLAIN, snapshot);
    }

    private static TextTokenizer open(byte[] json, Map<String, String> options, Snapshot snapshot) {
        try {
            TokenizerCheck.Limits limits = TokenizerCheck.check(json);
            if (limits.normalizer() != null) {
                tryTokens(limits.normalizedTokens(), create(limits.normalizer().getBytes(UTF_8), PLAIN));
            }
            return new TextTokenizer(create(json, options), snapshot.id(), limits.longestText());
        } catch (IOException | RuntimeException e) {
            String source = snapshot.file("tokenizer.json")
                    .map(file -> file + " is not a tokenizer")
                    .orElse(snapshot.id() + " has no tokenizer.json, and its other files do not make a tokenizer");
            throw new TailorException(source + " that can be read: " + e.getMessage(), e);
        }
    }

    /** The native tokenizer looks for added tokens as they are when normalized, and an empty one ends the process. */
    private static void tryTokens(List<String> tokens, HuggingFaceTokenizer normalizer) throws IOException {
        try (normalizer) {
            for (String token : tokens) {
                if (normalizer.encode(wellFormed(token)).getIds().length == 0) {
                    throw new IOException("nothing is left of the added token \"" + token + "\" when it is normalized");
                }
            }
        }
    }

    private static HuggingFaceTokenizer create(byte[] json, Map<String, String> options) throws IOException {
        try {
            return NativeLoading.quietly(() -> {
                try {
                    return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * The tokens of a text, or of a pair where {@code pair} is given.
     *
     * @throws IllegalArgumentException if a text is too long for the tokenizer's patterns; millions of characters always pass
     * @throws TailorException if the tokenizer has no token for a part of it, nor one for the unknown
     */
    public Tokens encode(String text, @Nullable String pair) {
        return tokens(encoded(text, pair));
    }

    /** The tokens of many texts, on all cores. */
    public List<Tokens> encode(List<String> texts) {
        return inParts(texts, String::length, this::encoded);
    }

    /** The tokens of many pairs of texts, on all cores. */
    public List<Tokens> encodePairs(List<TextPair> pairs) {
        return inParts(pairs, p -> p.first().length() + p.second().length(), this::encodedPairs);
    }

    /** What the native tokenizer gives is many times larger than the ids that are kept of it. */
    private static <T> List<Tokens> inParts(
            List<T> all, ToLongFunction<T> length, Function<List<T>, Encoding[]> encode) {
        List<Tokens> tokens = new ArrayList<>(all.size());
        for (int from = 0, to; from < all.size(); from = to) {
            to = from;
            for (long sum = 0; to < all.size() && to < from + PART && (to == from || sum < PART_CHARACTERS); to++) {
                sum += length.applyAsLong(all.get(to));
            }
            for (Encoding encoding : encode.apply(all.subList(from, to))) {
                tokens.add(tokens(encoding));
            }
        }
        return tokens;
    }

    /** The same with where the tokens come from. */
    List<TokenizedText> trace(List<String> texts) {
        Encoding[] encodings = encoded(texts);
        return IntStream.range(0, texts.size())
                .mapToObj(i -> TokenizedText.of(encodings[i], texts.get(i), null))
                .toList();
    }

    /** The same of pairs. */
    List<TokenizedText> tracePairs(List<TextPair> pairs) {
        Encoding[] encodings = encodedPairs(pairs);
        return IntStream.range(0, pairs.size())
                .mapToObj(i -> TokenizedText.of(
                        encodings[i], pairs.get(i).first(), pairs.get(i).second()))
                .toList();
    }

    private Encoding[] encoded(List<String> texts) {
        String[] all = texts.stream().map(this::readable).toArray(String[]::new);
        return whileOpen(() -> all.length == 0 ? new Encoding[0] : tokenizer.batchEncode(all));
    }

    private Encoding[] encodedPairs(List<TextPair> pairs) {
        PairList<String, String> all = new PairList<>(pairs.size());
        pairs.forEach(p -> all.add(readable(p.first()), readable(p.second())));
        return whileOpen(() -> pairs.isEmpty() ? new Encoding[0] : tokenizer.batchEncode(all));
    }

    /** The same with where the tokens come from; all of them if the tokenizer was opened whole. */
    TokenizedText trace(String text, @Nullable String pair) {
        return TokenizedText.of(encoded(text, pair), text, pair);
    }

    private Encoding encoded(String text, @Nullable String pair) {
        return whileOpen(() ->
                pair == null ? tokenizer.encode(readable(text)) : tokenizer.encode(readable(text), readable(pair)));
    }

    /** The text of tokens, as the repository's own decoder writes it. */
    String decode(long[] ids, boolean skipSpecial) {
        return whileOpen(() -> tokenizer.decode(ids, skipSpecial));
    }

    private <T> T whileOpen(Supplier<T> call) {
        lock.readLock().lock();
        try {
            requireOpen();
            return call.get();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new TailorException("the tokenizer of " + model + " cannot read a text: " + e.getMessage(), e);
        } finally {
            lock.readLock().unlock();
        }
    }

    private static Tokens tokens(Encoding encoding) {
        return new Tokens(encoding.getIds(), encoding.getTypeIds(), encoding.exceedMaxLength());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the tokenizer of " + model + " has been closed");
        }
    }

    /** The id of the model, for messages. */
    String model() {
        return model;
    }

    /** The id of a token that a text can name, such as {@code [PAD]}; empty if there is none. */
    OptionalLong id(String token) {
        long[] ids = tokenizer.encode(token, false, false).getIds();
        return ids.length == 1 ? OptionalLong.of(ids[0]) : OptionalLong.empty();
    }

    private String readable(String text) {
        if (text.length() > longestText) {
            throw new IllegalArgumentException("a text has " + text.length() + " characters, and the tokenizer of "
                    + model + " reads at most " + longestText + " at once; split it");
        }
        return wellFormed(text);
    }

    /** Half of a surrogate pair is no character and cannot be written as UTF-8; it becomes the replacement character. */
    private static String wellFormed(String text) {
        StringBuilder fixed = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                fixed = fixed == null ? new StringBuilder(text) : fixed;
                fixed.setCharAt(i, '\uFFFD');
            }
        }
        return fixed == null ? text : fixed.toString();
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
